import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { allAcknowledged, allSettled, WaitingMessage } from "../../messaging/waiting-message.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const several = (count: number) =>
  Array.from({ length: count }, () => new WaitingMessage({ topic: "t", bytes: 1, message: { value: "v" } }));
const never = () => {
  throw new Error("nobody waits that long here");
};

test("all are acknowledged when the last one is", async () => {
  const messages = several(3);
  const done = vi.fn();
  const all = allAcknowledged(messages, 1_000, never).then(done);
  messages[0]!.acknowledge();
  messages[2]!.acknowledge();
  await vi.advanceTimersByTimeAsync(500);
  expect(done).not.toHaveBeenCalled();
  messages[1]!.acknowledge();
  await all;
  expect(vi.getTimerCount()).toBe(0);
});

test("the first that fails, in their order, says why, once all are settled", async () => {
  const messages = several(3);
  const all = allAcknowledged(messages, 1_000, never);
  messages[2]!.fail(new Error("third"));
  messages[1]!.fail(new Error("second"));
  messages[0]!.acknowledge();
  await expect(all).rejects.toThrow("second");
});

test("what still waits when the time is up is told, and nothing else", async () => {
  const messages = several(2);
  const all = allAcknowledged(messages, 1_000, (late) => {
    for (const one of late) one.fail(new Error("late"));
  });
  messages[0]!.acknowledge();
  const rejected = expect(all).rejects.toThrow("late");
  await vi.advanceTimersByTimeAsync(1_000);
  await rejected;
  expect(messages.map(({ error }) => error?.message)).toEqual([undefined, "late"]);
});

test("what is settled stays as it is", () => {
  const [one] = several(1);
  one!.acknowledge();
  one!.fail(new Error("too late"));
  expect([one!.isSettled, one!.error]).toEqual([true, null]);
});

test("nothing is settled at once, and so is what was settled before", async () => {
  const messages = several(1);
  messages[0]!.acknowledge();
  await allSettled(messages);
  await allSettled([]);
});
