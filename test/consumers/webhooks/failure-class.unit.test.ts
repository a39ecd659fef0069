import { describe, expect, test } from "vitest";
import { RefusedAddress } from "../../../consumers/webhooks/address-check.ts";
import { ConnectFailed, failureClassOf, TimeLimitReached } from "../../../consumers/webhooks/failure-class.ts";

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe("without a connection the class is the phase that failed, whatever failed in it", () => {
  test.each(["dns", "connect", "tls"] as const)("%s", (phase) => {
    for (const cause of [withCode("ECONNREFUSED"), withCode("ENOTFOUND"), new TimeLimitReached(5_000), "nonsense"]) {
      expect(failureClassOf(new ConnectFailed(phase, { cause }))).toBe(phase);
    }
  });
});

test.each([
  ["ECONNRESET", "connection_lost"],
  ["EPIPE", "connection_lost"],
  ["ETIMEDOUT", "connection_lost"],
  ["UND_ERR_SOCKET", "connection_lost"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tls"],
  ["HPE_INVALID_CONSTANT", "protocol"],
  ["UND_ERR_HEADERS_OVERFLOW", "protocol"],
])("on a connection %s is %s", (code, failureClass) => {
  expect(failureClassOf(withCode(code))).toBe(failureClass);
});

test("our own refusals and limits, and what is no error at all", () => {
  expect(failureClassOf(new RefusedAddress("10.0.0.1"))).toBe("refused_address");
  expect(failureClassOf(new TimeLimitReached(30_000))).toBe("timeout");
  expect(failureClassOf("nonsense")).toBe("protocol");
});
