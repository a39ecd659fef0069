import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Attempted } from "../../../consumers/webhooks/attempt-delivery.ts";
import { createDeliveryWorker, type DeliverSettings, type HeardNews } from "../../../consumers/webhooks/deliver.ts";
import { createLanes } from "../../../consumers/webhooks/lanes.ts";
import { createLog } from "../../../runtime/log.ts";
import type { ClaimedDelivery } from "../../../storage/claimed-delivery.ts";
import type { AttemptResult, ClaimRequest, Lease } from "../../../storage/delivery-store.ts";

const AWAY = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const claimed = (deliveryId: string, lane = "endpoint:ep_1"): ClaimedDelivery => ({
  ...{
    deliveryId,
    lane,
    slotClass: "first",
    sequence: 1,
    fence: 1,
    number: 1,
    partner: "acme",
    environment: "test",
    eventId: "evt_1",
  },
  ...{ eventType: "user.created", url: "https://partner.example/", body: "{}", isReceiverRemoved: false },
  ...{ sequence: 1, traceparent: null, delaysMs: null, rateLimit: null, isStrict: false },
  ...{ sealedSecrets: [], acceptedAtMs: 0, isTakenOver: false },
});

const attempted = ({ deliveryId }: ClaimedDelivery, next: AttemptResult["next"]): Attempted => ({
  retryAfterMs: null,
  result: {
    ...{ deliveryId, fence: 1, number: 1, startedAtMs: 0, durationMs: 1, statusCode: 500 },
    ...{ failureClass: "http_5xx", answerExcerpt: null, next },
  },
});

function stageWorker({ concurrency = 16, ...changes }: Partial<DeliverSettings> & { concurrency?: number } = {}) {
  const looks: ClaimRequest[] = [];
  const extended: { readonly leases: readonly Lease[]; readonly untilMs: number }[] = [];
  const recorded: AttemptResult[] = [];
  const heard: HeardNews[] = [];
  const counts: string[] = [];
  const lines: string[] = [];
  const queue: ClaimedDelivery[] = [];
  const clock = () => Date.now();
  const settings: DeliverSettings = {
    store: {
      claim: async (request) => {
        looks.push(request);
        return queue.splice(0, Math.min(request.rooms.first, request.laneRooms[0]?.room ?? request.otherLanesRoom));
      },
      extend: async (leases, untilMs) => void extended.push({ leases, untilMs }),
    },
    attempt: async (delivery) => attempted(delivery, { kind: "failed" }),
    recorder: {
      record: async (result) => {
        recorded.push(result);
        return "counted";
      },
      giveUp: () => undefined,
    },
    lanes: createLanes(concurrency, clock),
    heard: (_, news) => void heard.push(news),
    pace: async () => undefined,
    leaseMs: 20_000,
    clock,
    random: () => 0,
    log: createLog({ level: "warn", component: "test", destination: { write: (line) => void lines.push(line) } }),
    count: (outcome) => void counts.push(outcome),
    ...changes,
  };
  const worker = createDeliveryWorker(settings);
  return { worker, looks, extended, recorded, heard, counts, lines, queue, lanes: settings.lanes };
}

/** Attempts that end when they are told to. */
function held() {
  const ending: (() => void)[] = [];
  const attempt = (delivery: ClaimedDelivery) =>
    new Promise<Attempted>((resolve) => {
      ending.push(() => resolve(attempted(delivery, { kind: "failed" })));
    });
  return { attempt, ending };
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
    attempt: async (delivery) => attempted(delivery, { kind: "retry", dueAtMs: Date.now() + 250 }),
  });
  queue.push(claimed("dlv_1"));
  worker.start();
  const startMs = Date.now();
  await vi.advanceTimersByTimeAsync(251);
  expect(looks.map(({ nowMs }) => nowMs - startMs)).toEqual([0, 250]);
  await worker.stop(0);
});

test("never more of a lane in flight than it may have, and the next is begun as soon as one has ended", async () => {
  const { attempt, ending } = held();
  const { worker, looks, queue } = stageWorker({ attempt });
  queue.push(...Array.from({ length: 6 }, (_, index) => claimed(`dlv_${index}`)));
  worker.start();
  await vi.advanceTimersByTimeAsync(20);
  expect(ending).toHaveLength(4);
  expect(looks).toHaveLength(1);
  ending[0]?.();
  await vi.advanceTimersByTimeAsync(20);
  expect(ending).toHaveLength(5);
  expect(looks.at(-1)?.laneRooms).toEqual([{ lane: "endpoint:ep_1", room: 1, inFlight: 3 }]);
  expect(looks.at(-1)?.inFlight).toEqual(["dlv_1", "dlv_2", "dlv_3"]);
  for (const end of ending) end();
  await vi.advanceTimersByTimeAsync(20);
  for (const end of ending) end();
  await worker.stop(1_000);
});

test("P3 what was claimed elsewhere is begun at once, in the slots that were taken for it", async () => {
  const { attempt, ending } = held();
  const { worker, lanes } = stageWorker({ attempt });
  const mine = claimed("dlv_1");
  expect(lanes.tryTake(mine)).toBe(true);
  worker.accept([mine]);
  await vi.advanceTimersByTimeAsync(0);
  expect(ending).toHaveLength(1);
  expect(lanes.inUse().first).toBe(1);
  ending[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(lanes.inUse().first).toBe(0);
  await worker.stop(0);
});

test("P4 the claim of an attempt that takes long is extended, with its fence; that of a short one is not", async () => {
  const { attempt, ending } = held();
  const { worker, queue, extended } = stageWorker({ attempt });
  queue.push(claimed("dlv_long"));
  worker.start();
  await vi.advanceTimersByTimeAsync(10_500);
  expect(extended.map(({ leases }) => leases)).toEqual([
    [{ deliveryId: "dlv_long", fence: 1 }],
    [{ deliveryId: "dlv_long", fence: 1 }],
  ]);
  expect(extended[1]!.untilMs - extended[0]!.untilMs).toBe(5_000);
  ending[0]?.();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(extended).toHaveLength(2);
  await worker.stop(0);
});

test("bar 11 a probe that finds the receiver away is parked again, any other result counts", async () => {
  const { worker, recorded, heard } = stageWorker({
    attempt: async (delivery) => {
      const retry = attempted(delivery, { kind: "retry", dueAtMs: 60_000 });
      if (delivery.deliveryId === "dlv_away") return retry;
      return { ...retry, result: { ...retry.result, statusCode: 404, failureClass: "http_4xx" } };
    },
  });
  worker.probe([claimed("dlv_away"), claimed("dlv_there")]);
  await vi.advanceTimersByTimeAsync(0);
  expect(recorded.map(({ next }) => next.kind)).toEqual(["parked", "retry"]);
  expect(heard.map(({ sign, isProbe }) => [sign, isProbe])).toEqual([
    ["away", true],
    ["there", true],
  ]);
  await worker.stop(0);
});

test("what ends while it looks does not hide that there is more", async () => {
  const queue = Array.from({ length: 30 }, (_, index) => claimed(`dlv_${index}`));
  const ending: (() => void)[] = [];
  let attempts = 0;
  const { worker } = stageWorker({
    store: {
      claim: async ({ laneRooms, otherLanesRoom }) => {
        const taken = queue.splice(0, laneRooms[0]?.room ?? otherLanesRoom);
        for (const end of ending.splice(0)) end();
        await vi.advanceTimersByTimeAsync(0);
        return taken;
      },
      extend: async () => undefined,
    },
    attempt: (delivery) =>
      new Promise((resolve) => {
        attempts += 1;
        ending.push(() => resolve(attempted(delivery, { kind: "failed" })));
        setTimeout(() => resolve(attempted(delivery, { kind: "failed" })), 20);
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
      extend: async () => undefined,
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
  const { worker, queue, counts, lanes } = stageWorker({
    attempt: async (delivery) => {
      if (delivery.deliveryId === "dlv_1") throw new Error("no secret");
      return attempted(delivery, { kind: "failed" });
    },
  });
  queue.push(claimed("dlv_1"), claimed("dlv_2"));
  worker.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(counts).toEqual(["not_attempted", "http_5xx"]);
  expect(lanes.inUse().first).toBe(0);
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
