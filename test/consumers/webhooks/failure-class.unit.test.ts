import { expect, test } from "vitest";
import { RefusedAddress } from "../../../consumers/webhooks/address-check.ts";
import { AttemptTimeout, failureClassOf } from "../../../consumers/webhooks/failure-class.ts";

const withCode = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
  ["ETIMEDOUT", "timeout"],
  ["ENOTFOUND", "dns"],
  ["EAI_AGAIN", "dns"],
  ["ECONNREFUSED", "connect"],
  ["EHOSTUNREACH", "connect"],
  ["ENETUNREACH", "connect"],
  ["ECONNRESET", "connection_lost"],
  ["EPIPE", "connection_lost"],
  ["UND_ERR_SOCKET", "connection_lost"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
  ["CERT_HAS_EXPIRED", "tls"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "tls"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
  ["HPE_INVALID_CONSTANT", "protocol"],
  ["UND_ERR_HEADERS_OVERFLOW", "protocol"],
])("%s is %s", (code, failureClass) => {
  expect(failureClassOf(withCode(code))).toBe(failureClass);
});

test("what gathers a failure per address has the class of the first", () => {
  expect(failureClassOf(new AggregateError([withCode("ECONNREFUSED"), withCode("ENETUNREACH")]))).toBe("connect");
  expect(failureClassOf(new AggregateError([]))).toBe("protocol");
});

test("our own refusals and limits, and what is no error at all", () => {
  expect(failureClassOf(new RefusedAddress("10.0.0.1"))).toBe("refused_address");
  expect(failureClassOf(new AttemptTimeout(30_000))).toBe("timeout");
  expect(failureClassOf("nonsense")).toBe("protocol");
});
