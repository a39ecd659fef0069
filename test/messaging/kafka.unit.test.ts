import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { createKafka } from "../../messaging/kafka.ts";
import { freePort } from "../../stack/ports.ts";
import { keepingLog } from "../support/kafka.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** kafkajs writes two lines about every time it did not reach a broker. */
const LINES = 400;

test("bar 6 a consumer looks for its brokers however long they are away: it never gives up its place in the group", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const { log, lines } = keepingLog();
  let nowMs = 0;
  // So much later at every line that none of them is left out.
  const clock = () => {
    nowMs += 60_000;
    return nowMs;
  };
  const brokers = [`127.0.0.1:${await freePort()}`];
  const consumer = createKafka({ brokers, clientId: "test", log, clock }).consumer({ groupId: "test" });
  let end: unknown = null;
  void consumer.connect().then(
    () => {
      end = "connected";
    },
    (error: unknown) => {
      end = error;
    },
  );
  while (lines.length < LINES && end === null) {
    await vi.advanceTimersByTimeAsync(1_000);
    await nextTurn();
  }
  expect(end).toBe(null);
});
