import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedSecret, m2mSignature, standardSignature } from "../../../domain/webhook/signature.ts";

const BODY =
  '{"id":"evt_acme_abc123def456","event":"user.state_changed","timestamp":"2026-01-02T03:04:05.678Z","sequence":7,"userVersion":3,"data":{"referenceId":"ref-ñ-✓"}}';
const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const message = { id: "evt_acme_abc123def456", timestampSeconds: 1_767_323_045, body: BODY };

/** Computed apart from this code: `printf '%s' "$T.$BODY" | openssl dgst -sha256 -hmac "$SECRET"`, and with hexkey. */
const OPENSSL_HEX = "f1c854363d94345803c31a85655e67f3572fca141c875dcaf870deb80d20d21c";
const OPENSSL_BASE64 = "8605Hh3klLPP6iU+kbbzkNOTfzdNfFm/RQTNkLfbI1E=";

/** Published by the Standard Webhooks libraries and by the documentation of a system that follows the standard. */
const PUBLISHED = [
  {
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestampSeconds: 1_614_265_330,
    body: '{"test": 2432232314}',
    signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  },
  {
    secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
    timestampSeconds: 1_649_367_553,
    body: '{"email":"test@example.com","username":"test_user"}',
    signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
  },
];

describe("m2mSignature", () => {
  test("the documented signature is what openssl computes with the whole secret as the key", () => {
    expect(m2mSignature(SECRET, message)).toBe(`sha256=${OPENSSL_HEX}`);
  });
});

describe("standardSignature", () => {
  test("it is what openssl computes with the decoded secret as the key", () => {
    expect(standardSignature([SECRET], message)).toBe(`v1,${OPENSSL_BASE64}`);
  });

  test.each(PUBLISHED)("published vector $id", ({ secret, signature, ...signed }) => {
    expect(standardSignature([secret], signed)).toBe(signature);
  });

  test("all live secrets sign, in order, separated by spaces", () => {
    const { secret, signature, ...signed } = PUBLISHED[0]!;
    const [first, second, ...rest] = standardSignature([secret, SECRET], signed).split(" ");
    expect(first).toBe(signature);
    expect(second).toBe(standardSignature([SECRET], signed));
    expect(rest).toEqual([]);
  });

  test.each(["", "whsec_", "whsec_not base64!", "whsec_abc", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])(
    "a secret of another form is refused without being shown: %j",
    (secret) => {
      expect(() => standardSignature([secret], message)).toThrow(MalformedSecret);
      if (secret.length > 6) expect(new MalformedSecret().message).not.toContain(secret.slice(6));
    },
  );
});

test("another id, time or body gives another signature", () => {
  const changes = fc.record({
    id: fc.stringMatching(/^evt_[a-z0-9]{4,20}$/),
    timestampSeconds: fc.nat(),
    body: fc.string(),
  });
  fc.assert(
    fc.property(changes, changes, (one, other) => {
      const isSame = one.id === other.id && one.timestampSeconds === other.timestampSeconds && one.body === other.body;
      expect(standardSignature([SECRET], one) === standardSignature([SECRET], other)).toBe(isSame);
    }),
  );
});
