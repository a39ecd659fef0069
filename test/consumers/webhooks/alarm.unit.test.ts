import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Alarm, createAlarm } from "../../../consumers/webhooks/alarm.ts";

let alarm: Alarm;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  alarm = createAlarm(() => Date.now());
});

afterEach(() => {
  vi.useRealTimers();
});

/** How long a sleep lasts, given what happens meanwhile. */
async function sleptMs(longestMs: number, meanwhile: () => void = () => undefined): Promise<number> {
  const startMs = Date.now();
  let endMs = Number.NaN;
  const slept = alarm.sleep(longestMs).then(() => {
    endMs = Date.now();
  });
  meanwhile();
  await vi.runAllTimersAsync();
  await slept;
  return endMs - startMs;
}

test("sleeps as long as it may when nothing happens", async () => {
  expect(await sleptMs(1_000)).toBe(1_000);
});

test("wakes at once, also when it was woken before it slept; once", async () => {
  expect(await sleptMs(1_000, () => setTimeout(alarm.wake, 70))).toBe(70);
  alarm.wake();
  alarm.wake();
  expect(await sleptMs(1_000)).toBe(0);
  expect(await sleptMs(1_000)).toBe(1_000);
});

test("wakes at every time it was given, the earliest first", async () => {
  const nowMs = Date.now();
  alarm.wakeAt(nowMs + 300);
  alarm.wakeAt(nowMs + 100);
  expect(await sleptMs(1_000)).toBe(100);
  expect(await sleptMs(1_000)).toBe(200);
  expect(await sleptMs(1_000)).toBe(1_000);
});

test("a time that is given during a sleep shortens it, a later one does not", async () => {
  const given = () => {
    setTimeout(() => alarm.wakeAt(Date.now() + 5_000), 10);
    setTimeout(() => alarm.wakeAt(Date.now() + 30), 20);
  };
  expect(await sleptMs(1_000, given)).toBe(50);
});

test("a time that has passed ends the next sleep at once", async () => {
  alarm.wakeAt(Date.now() - 1);
  expect(await sleptMs(1_000)).toBe(0);
  expect(await sleptMs(1_000)).toBe(1_000);
});
