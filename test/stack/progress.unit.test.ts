import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProgress } from "../../stack/progress.ts";

let lines: string[];
const print = (line: string) => void lines.push(line);

beforeEach(() => {
  lines = [];
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("every line starts with the time since the start", () => {
  const progress = createProgress({ print });
  vi.advanceTimersByTime(3_240);
  progress.say("kafka is ready");
  expect(lines).toEqual(["   3.2 s  kafka is ready"]);
});

test("what is being waited for is repeated with its own time, until it is over", () => {
  const progress = createProgress({ print, repeatMs: 5_000 });
  vi.advanceTimersByTime(2_000);
  const kafka = progress.waitFor("kafka");
  const registry = progress.waitFor("registry");
  vi.advanceTimersByTime(3_000);
  kafka();
  vi.advanceTimersByTime(5_000);
  registry();
  vi.advanceTimersByTime(20_000);
  expect(lines).toEqual([
    "   5.0 s  waiting for kafka (3.0 s), registry (3.0 s)",
    "  10.0 s  waiting for registry (8.0 s)",
  ]);
});

test("after it is closed nothing is repeated", () => {
  const progress = createProgress({ print, repeatMs: 1_000 });
  progress.waitFor("kafka");
  progress.close();
  vi.advanceTimersByTime(5_000);
  expect(lines).toEqual([]);
});
