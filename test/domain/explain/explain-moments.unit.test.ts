import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../../domain/explain/explain.ts";
import { playHistory, randomHistories } from "../random-history.ts";
import { explained, verified } from "./explained.ts";

describe("for any history", () => {
  test("P5 explaining never throws, and the last sequence is explained as now", () => {
    const check = fc.property(randomHistories(30), fc.nat(), (random, any) => {
      const stage = playHistory(random);
      const history = stage.history();
      if (history.length === 0) return;
      const now = explained(stage);
      expect(explained(stage, { sequence: history.length })).toEqual(now);
      const sequence = 1 + (any % history.length);
      const then = explained(stage, { sequence });
      expect([then.sequence, now.state.state]).toEqual([sequence, stage.user().state]);
    });
    fc.assert(check, { numRuns: 100 });
  });

  test("a sequence that the history does not have is not explained", () => {
    const stage = verified();
    const given = { history: stage.history(), partner: stage.partner, now: stage.clock.now() };
    expect(explain({ ...given, sequence: stage.history().length + 1 })).toBeNull();
    expect(explain({ ...given, history: [] })).toBeNull();
  });

  test("an earlier moment is explained as it was then", () => {
    const stage = verified();
    const opened = stage.history().find(({ type }) => type === "link.opened");
    const then = explained(stage, { sequence: opened?.sequence ?? 0 });
    expect([then.state.state, then.at]).toEqual(["data_complete", opened?.at]);
    expect(then.next).toEqual([{ who: "user", sentence: "Open the link and take the identity check." }]);
  });
});
