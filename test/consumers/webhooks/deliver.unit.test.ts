import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDeliveryWorker, type DeliverSettings } from "../../../consumers/webhooks/deliver.ts";
import { createLog } from "../../../runtime/log.ts";
import type { AttemptResult, ClaimedDelivery, ClaimRequest } from "../../../storage/delivery-store.ts";

const AWAY = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const claimed = (deliveryId: string, lane = "endpoint:ep_1"): ClaimedDelivery => ({
  ...{ deliveryId, lane, fence: 1, number: 1, partner: "acme", environment: "test", eventId: "evt_1" },
  ...{ eventType: "user.created", url: "https://partner.example/", body: "{}", isReceiverRemoved: false },
  ...{ sequence: 1, traceparent: null, delaysMs: null, rateLimit: null, isStrict: false },
  ...{ sealedSecrets: [], acceptedAtMs: 0, isTakenOver: false },
});

const result = ({ deliveryId }: ClaimedDelivery, next: AttemptResult["next"]): AttemptResult => ({
  ...{ deliveryId, fence: 1, number: 1, startedAtMs: 0, durationMs: 1, statusCode: 500 },
  ...{ failureClass: "http_5xx", answerExcerpt: null, next },
});

function stageWorker(changes: Partial<DeliverSettings> = {}) {
  const looks: ClaimRequest[] = [];
  const counts: string[] = [];
  const lines: string[] = [];
  const queue: ClaimedDelivery[] = [];
  const settings: DeliverSettings = {
    store: {
      claim: async (request) => {
        looks.push(request);
        return queue.splice(0, request.limit);
      },
    },
    attempt: async (delivery) => result(delivery, { kind: "failed" }),
    recorder: { record: async () => "counted", giveUp: () => undefined },
    pace: async () => undefined,
    concurrency: 4,
    perLane: 4,
    leaseMs: 45_000,
    clock: () => Date.now(),
    random: () => 0,
    log: createLog({ level: "warn", component: "test", destination: { write: (line) => void lines.push(line) } }),
    count: (outcome) => void counts.push(outcome),
    ...changes,
  };
  return { worker: createDeliveryWorker(settings), looks, counts, lines, queue };
}

test("with nothing to do it looks once a second", async () => {
  const { worker, looks } = stageWorker();
  worker.start();
  await vi.advanceTimersByTimeAsync(10_500);
  expect(looks).toHaveLength(11);
  await worker.stop(0);
});

test("it looks at once when it is woken", async () => {
  const { worker, looks } = stageWorker();
  worker.start();
  await vi.advanceTimersByTimeAsync(10);
  worker.wake();
  await vi.advanceTimersByTimeAsync(10);
  expect(looks).toHaveLength(2);
  await worker.stop(0);
});

test("a retry that is due soon is looked for on time", async () => {
  const { worker, looks, queue } = stageWorker({
    attempt: async (delivery) => result(delivery, { kind: "retry", dueAtMs: Date.now() + 250 }),
  });
  queue.push(claimed("dlv_1"));
  worker.start();
  const startMs = Date.now();
  await vi.advanceTimersByTimeAsync(251);
  expect(looks.map(({ nowMs }) => nowMs - startMs)).toEqual([0, 250]);
  await worker.stop(0);
});

test("never more in flight than allowed, and the next is begun as soon as one has ended", async () => {
  const ending: (() => void)[] = [];
  const { worker, looks, queue } = stageWorker({
    attempt: (delivery) =>
      new Promise((resolve) => {
        ending.push(() => resolve(result(delivery, { kind: "failed" })));
      }),
  });
  queue.push(...Array.from({ length: 6 }, (_, index) => claimed(`dlv_${index}`)));
  worker.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(ending).toHaveLength(4);
  expect(looks).toHaveLength(1);
  ending[0]?.();
  await vi.advanceTimersByTimeAsync(1);
  expect(ending).toHaveLength(5);
  expect(looks.at(-1)).toMatchObject({ limit: 1 });
  expect(looks.at(-1)?.inFlight.map(({ deliveryId }) => deliveryId)).toEqual(["dlv_1", "dlv_2", "dlv_3"]);
  for (const end of ending) end();
  await vi.advanceTimersByTimeAsync(1);
  for (const end of ending) end();
  await worker.stop(1_000);
});

test("what ends while it looks does not hide that there is more", async () => {
  const queue = Array.from({ length: 30 }, (_, index) => claimed(`dlv_${index}`));
  const ending: (() => void)[] = [];
  let attempts = 0;
  const { worker } = stageWorker({
    store: {
      claim: async ({ limit }) => {
        const taken = queue.splice(0, limit);
        for (const end of ending.splice(0)) end();
        await vi.advanceTimersByTimeAsync(0);
        return taken;
      },
    },
    attempt: (delivery) =>
      new Promise((resolve) => {
        attempts += 1;
        ending.push(() => resolve(result(delivery, { kind: "failed" })));
        setTimeout(() => resolve(result(delivery, { kind: "failed" })), 20);
      }),
  });
  worker.start();
  await vi.advanceTimersByTimeAsync(900);
  expect(attempts).toBe(30);
  await worker.stop(0);
});

test("bar 6 while Postgres is away it looks ever more seldom, says so seldom, and says that it is not ready", async () => {
  let isAway = true;
  let looks = 0;
  const { worker, lines } = stageWorker({
    store: {
      claim: async () => {
        looks += 1;
        if (isAway) throw AWAY;
        return [];
      },
    },
  });
  worker.start();
  const waking = setInterval(worker.wake, 5);
  await vi.advanceTimersByTimeAsync(600_000);
  clearInterval(waking);
  expect(looks).toBeLessThan(600);
  expect(lines.length).toBeLessThanOrEqual(61);
  expect(worker.check()).toMatchObject({ ok: false });
  isAway = false;
  await vi.advanceTimersByTimeAsync(2_100);
  expect(worker.check()).toEqual({ ok: true });
  await worker.stop(0);
});

test("an attempt that cannot be made for a reason of ours is counted, and its slot is free again", async () => {
  const { worker, queue, counts } = stageWorker({
    concurrency: 1,
    attempt: async (delivery) => {
      if (delivery.deliveryId === "dlv_1") throw new Error("no secret");
      return result(delivery, { kind: "failed" });
    },
  });
  queue.push(claimed("dlv_1"), claimed("dlv_2"));
  worker.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(counts).toEqual(["not_attempted", "http_5xx"]);
  await worker.stop(0);
});

test("a result that came too late is counted as such", async () => {
  const recorder = { record: async () => "late" as const, giveUp: () => undefined };
  const { worker, queue, counts } = stageWorker({ recorder });
  queue.push(claimed("dlv_1"));
  worker.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(counts).toEqual(["late"]);
  await worker.stop(0);
});
