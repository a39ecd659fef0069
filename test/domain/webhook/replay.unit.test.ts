import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isReplayed,
  movedReplay,
  nextStepInMs,
  nextStepSize,
  REPLAY_SCOPES,
  REPLAY_STATES,
  replayedFrom,
} from "../../../domain/webhook/replay.ts";

describe("what can be asked of a replay", () => {
  test.each([
    ["running", "pause", "paused"],
    ["running", "resume", "running"],
    ["running", "cancel", "cancelled"],
    ["paused", "pause", "paused"],
    ["paused", "resume", "running"],
    ["paused", "cancel", "cancelled"],
    ["done", "pause", null],
    ["done", "resume", null],
    ["done", "cancel", null],
    ["cancelled", "pause", null],
    ["cancelled", "resume", null],
    ["cancelled", "cancel", "cancelled"],
  ] as const)("%s, %s: %s", (state, move, then) => {
    expect(movedReplay(state, move)).toBe(then);
  });

  test("what has ended never runs again", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REPLAY_STATES),
        fc.array(fc.constantFrom("pause", "resume", "cancel" as const)),
        (first, moves) => {
          let state = first;
          for (const move of moves) {
            const next = movedReplay(state, move);
            if (state === "done" || state === "cancelled") expect([null, state]).toContain(next);
            state = next ?? state;
          }
        },
      ),
    );
  });
});

describe("which events are sent again", () => {
  const delivered = { isDelivered: true, isFailed: false, isWaiting: false };
  const failed = { isDelivered: false, isFailed: true, isWaiting: false };
  const failedThenDelivered = { isDelivered: true, isFailed: true, isWaiting: false };
  const never = { isDelivered: false, isFailed: false, isWaiting: false };
  test.each([
    ["all", delivered, true],
    ["all", never, true],
    ["failed", failed, true],
    ["failed", failedThenDelivered, false],
    ["failed", delivered, false],
    ["failed", never, false],
    ["missing", failed, true],
    ["missing", never, true],
    ["missing", failedThenDelivered, false],
  ] as const)("%s, %j: %s", (scope, past, isAgain) => {
    expect(isReplayed(scope, past)).toBe(isAgain);
  });

  test("what waits comes anyway", () => {
    const past = fc.record({ isDelivered: fc.boolean(), isFailed: fc.boolean(), isWaiting: fc.constant(true) });
    fc.assert(fc.property(fc.constantFrom(...REPLAY_SCOPES), past, (scope, known) => !isReplayed(scope, known)));
  });
});

describe("how fast a replay goes", () => {
  test("never more than 500 of its deliveries wait, and never more than a second's worth is made at once", () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.option(fc.integer({ min: 1, max: 10_000 })), (waiting, rate) => {
        const size = nextStepSize(waiting, rate);
        expect(size).toBeGreaterThanOrEqual(0);
        expect(waiting + size).toBeLessThanOrEqual(Math.max(500, waiting));
        if (rate !== null) expect(size).toBeLessThanOrEqual(rate);
      }),
    );
  });

  test("a rate holds over any number of steps", () => {
    expect(nextStepInMs(50, 50)).toBe(1_000);
    expect(nextStepInMs(1, 50)).toBe(20);
    expect(nextStepInMs(0, 50)).toBe(0);
    expect(nextStepInMs(500, null)).toBe(0);
  });
});

test("what is missing is taken up from where deliveries are kept on, everything else from where it was asked", () => {
  const [early, keptFrom, late] = ["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"];
  expect([early, null, late].map((from) => replayedFrom("missing", from, keptFrom))).toEqual([
    keptFrom,
    keptFrom,
    late,
  ]);
  for (const scope of ["all", "failed"] as const) {
    expect([early, null, late].map((from) => replayedFrom(scope, from, keptFrom))).toEqual([early, null, late]);
  }
});
