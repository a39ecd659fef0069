import { expect, test } from "vitest";
import { manualClock } from "../../runtime/clock.ts";
import { createQuietLog } from "../../runtime/quiet-log.ts";
import { keepingLog } from "../support/kafka.ts";

test("a line that repeats is written once in a while, with the number of those left out", () => {
  const clock = manualClock(0);
  const { log, lines } = keepingLog();
  const quiet = createQuietLog(log, clock.now, 10_000);
  for (let second = 0; second < 25; second += 1) {
    quiet.warn({ second }, "away");
    clock.advance(1_000);
  }
  expect(lines.map(({ text }) => text)).toEqual([
    'away {"second":0}',
    'away {"second":10,"leftOut":9}',
    'away {"second":20,"leftOut":9}',
  ]);
});

test("another sentence is written at once, and counts for itself", () => {
  const clock = manualClock(0);
  const { log, lines } = keepingLog();
  const quiet = createQuietLog(log, clock.now, 10_000);
  for (const sentence of ["away", "lost", "away", "lost", "lost"]) quiet.warn({}, sentence);
  clock.advance(10_000);
  for (const sentence of ["lost", "away"]) quiet.warn({}, sentence);
  expect(lines.map(({ text }) => text)).toEqual(["away {}", "lost {}", 'lost {"leftOut":2}', 'away {"leftOut":1}']);
});
