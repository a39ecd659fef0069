import { expect, test } from "vitest";
import { createSealing, SealBroken } from "../../storage/sealing.ts";

const sealing = createSealing("a server secret of at least 32 characters");

test("what is sealed opens again, whatever it is", () => {
  for (const plain of ["", "whsec_abc", "ñ 漢 \u0000", "x".repeat(300_000)]) {
    expect(sealing.open(sealing.seal(plain))).toBe(plain);
  }
  expect(sealing.open(sealing.seal(new TextEncoder().encode("bytes")))).toBe("bytes");
});

test("the same text sealed twice looks different and shows nothing of itself", () => {
  const [first, second] = [sealing.seal("secret"), sealing.seal("secret")];
  expect(first).not.toBe(second);
  expect(Buffer.from(first.slice(3), "base64url").toString("latin1")).not.toContain("secret");
});

test("a changed, foreign or malformed seal is refused", () => {
  const sealed = sealing.seal("secret");
  for (let at = 3; at < sealed.length; at += 1) {
    const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
    expect(() => sealing.open(changed), `character ${at}`).toThrow(SealBroken);
  }
  expect(() => createSealing("another server secret, also 32 characters").open(sealed)).toThrow(SealBroken);
  for (const text of ["", "v1.", "v1.AAAA", `v2${sealed.slice(2)}`])
    expect(() => sealing.open(text)).toThrow(SealBroken);
});
