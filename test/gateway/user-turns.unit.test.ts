import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RequestRefused } from "../../gateway/request-refused.ts";
import { createUserTurns } from "../../gateway/user-turns.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

const stage = (perSecond = 100) => {
  const turn = createUserTurns({ perSecond, clock: () => Date.now() });
  return { ask: turn };
};

test("a user's writes begin at once, and users do not wait for each other", async () => {
  const { ask } = stage();
  await Promise.all([...Array.from({ length: 10 }, () => ask("one")), ask("two")]);
});

test("C2 one who is raced for begins no more than the pace after its first ten, in order", async () => {
  // Waits are real, and measured by a timer beside them: by the clock a timer may end a millisecond early.
  vi.useFakeTimers({ toFake: ["Date"] });
  const { ask } = stage(200);
  const order: (number | string)[] = [];
  const pace = wait(95).then(() => order.push("95 ms"));
  await Promise.all([...Array.from({ length: 30 }, (_, index) => ask("hot").then(() => order.push(index))), pace]);
  expect(order).toEqual([...Array.from({ length: 29 }, (_, index) => index), "95 ms", 29]);
});

test("what would wait for more than five seconds is refused, and was not accepted", async () => {
  const { ask } = stage(1);
  const asked = Array.from({ length: 20 }, () => ask("hot"));
  const refused = asked.slice(16);
  for (const one of refused) await expect(one).rejects.toThrow(RequestRefused);
  await expect(refused[0]).rejects.toMatchObject({
    code: "UNAVAILABLE",
    headers: { "Retry-After": expect.anything() },
  });
});
