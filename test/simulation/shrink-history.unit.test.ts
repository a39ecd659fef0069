import fc from "fast-check";
import { expect, test } from "vitest";
import type { AppliedStep } from "../../simulation/history/saved-history.ts";
import { shrinkHistory } from "../../simulation/history/shrink-history.ts";

/** Steps of which nothing but their number matters. */
const stepsOf = (count: number): readonly AppliedStep[] =>
  Array.from({ length: count }, (_, batch) => ({ batch }) as AppliedStep);

test("what is left are exactly the steps that it takes", async () => {
  const cases = fc.integer({ min: 1, max: 60 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      needed: fc.uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 4 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ count, needed }) => {
      const isFailing = async (steps: readonly AppliedStep[]) =>
        needed.every((number) => steps.some(({ batch }) => batch === number));
      const shortest = await shrinkHistory(stepsOf(count), isFailing);
      expect(shortest.map(({ batch }) => batch)).toEqual(needed.toSorted((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});
