import fc from "fast-check";
import { expect, test } from "vitest";
import { nextSlotMs } from "../../../domain/webhook/pacing.ts";

test("bar 11 in no second are there more attempts than the limit, however they come", () => {
  const gaps = fc.array(fc.nat(400), { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 50 }), (given, rateLimit) => {
      let nowMs = 0;
      let slotMs: number | null = null;
      const slots = given.map((gap) => {
        nowMs += gap;
        slotMs = nextSlotMs(slotMs, nowMs, { rateLimit });
        return slotMs;
      });
      for (const [index, first] of slots.entries()) {
        const within = slots.slice(index).filter((slot) => slot < first + 999.999);
        expect(within.length).toBeLessThanOrEqual(rateLimit);
      }
      expect(slots.every((slot, index) => index === 0 || slot >= (slots[index - 1] ?? 0))).toBe(true);
    }),
  );
});

test("without a limit nothing waits, and with one an idle lane begins at once", () => {
  expect(nextSlotMs(99, 100, { rateLimit: null })).toBe(100);
  expect(nextSlotMs(null, 100, { rateLimit: 1 })).toBe(100);
  expect(nextSlotMs(100, 5_000, { rateLimit: 1 })).toBe(5_000);
  expect(nextSlotMs(100, 101, { rateLimit: 4 })).toBe(350);
});
