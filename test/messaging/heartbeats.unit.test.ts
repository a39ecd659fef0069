import { expect, test } from "vitest";
import { AssignmentLost, startHeartbeats } from "../../messaging/heartbeats.ts";

test("heartbeats go on by themselves until one fails, and its error is kept for kafkajs", async () => {
  const rebalance = new Error("REBALANCE_IN_PROGRESS");
  let sent = 0;
  const heartbeats = startHeartbeats(async () => {
    sent += 1;
    if (sent === 3) throw rebalance;
  }, 1);
  await heartbeats.failed;
  expect([sent, heartbeats.failure()]).toEqual([3, { error: rebalance }]);
  await expect(heartbeats.beat()).rejects.toMatchObject({ name: "AssignmentLost", cause: rebalance });
  expect(sent).toBe(3);
  heartbeats.stop();
});

test("a heartbeat on demand says that all is well", async () => {
  const heartbeats = startHeartbeats(async () => undefined, 60_000);
  await expect(heartbeats.beat()).resolves.toBeUndefined();
  expect(heartbeats.failure()).toBeUndefined();
  heartbeats.stop();
  expect(new AssignmentLost().name).toBe("AssignmentLost");
});
