import { describe, expect, test } from "vitest";
import { m2mSignature, standardSignature } from "../../../domain/webhook/signature.ts";
import { type SignedRequest, signatureFault } from "../../../scripts/demo/verify-signatures.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OLD_SECRET = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const NOW_MS = 1_769_851_800_000;

function signed(timestampSeconds = NOW_MS / 1000, secrets = [SECRET]): SignedRequest {
  const body = '{"event":"link.created"}';
  const message = { id: "evt_1", timestampSeconds, body };
  return {
    body,
    headers: {
      "x-m2m-timestamp": String(timestampSeconds),
      "x-m2m-signature": m2mSignature(SECRET, message),
      "webhook-id": message.id,
      "webhook-timestamp": String(timestampSeconds),
      "webhook-signature": standardSignature(secrets, message),
    },
  };
}

function altered(request: SignedRequest, headers: SignedRequest["headers"]): SignedRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

describe("a receiver that only knows the documentation", () => {
  test("takes what the server signs, also while two secrets sign", () => {
    expect(signatureFault(signed(), SECRET, NOW_MS)).toBeNull();
    expect(signatureFault(signed(NOW_MS / 1000, [OLD_SECRET, SECRET]), SECRET, NOW_MS)).toBeNull();
  });

  test.each<[string, SignedRequest, RegExp]>([
    ["another body", { ...signed(), body: '{"event":"link.opened"}' }, /X-M2M-Signature/],
    ["no documented signature", altered(signed(), { "x-m2m-signature": undefined }), /X-M2M-Signature/],
    [
      "another id, which only the standard signature covers",
      altered(signed(), { "webhook-id": "evt_2" }),
      /webhook-signature/,
    ],
    ["no standard signature", altered(signed(), { "webhook-signature": "" }), /webhook-signature/],
    ["a replay of ten minutes ago", signed(NOW_MS / 1000 - 600), /Timestamp/],
    [
      "a timestamp that was changed",
      altered(signed(), { "x-m2m-timestamp": String(NOW_MS / 1000 + 1) }),
      /X-M2M-Signature/,
    ],
  ])("refuses %s", (_, request, fault) => {
    expect(signatureFault(request, SECRET, NOW_MS)).toMatch(fault);
  });

  test("refuses everything with another secret", () => {
    expect(signatureFault(signed(), OLD_SECRET, NOW_MS)).toMatch(/X-M2M-Signature/);
  });
});
