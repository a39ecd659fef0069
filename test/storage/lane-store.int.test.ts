import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createLaneStore, type LaneStore } from "../../storage/lane-store.ts";
import { createStage, keepDeliveries, type Stage, toEndpoint } from "../consumers/webhooks/stage.ts";

const START_MS = Date.parse("2026-04-01T10:00:00.000Z");
const HOUR_MS = 3_600_000;
const LEASE_MS = 20_000;

let stage: Stage;
let store: LaneStore;
let endpointId: string;
let lane: string;

beforeAll(async () => {
  stage = await createStage();
  store = createLaneStore(stage.database);
});

afterAll(() => stage.stop());

beforeEach(async () => {
  await stage.rows("delete from webhook_deliveries");
  await stage.rows("delete from webhook_lanes");
  ({ endpointId } = await stage.addEndpoint({ url: "https://partner.example/hooks" }));
  lane = `endpoint:${endpointId}`;
});

const away = (nowMs: number, retryAfterMs: number | null = null) => ({ lane, nowMs, retryAfterMs, random: 0 });
const keep = async (count: number, atMs = START_MS) => {
  const deliveries = Array.from({ length: count }, (_, index) => toEndpoint(endpointId, { atMs: atMs + index }));
  await keepDeliveries(stage, deliveries);
  return deliveries.map(({ deliveryId }) => deliveryId);
};
const statuses = async () => {
  const rows = await stage.rows<{ status: string; attempts: number }>(
    "select status, attempts from webhook_deliveries order by created_at, delivery_id",
  );
  return rows.map(({ status, attempts }) => `${status} ${attempts}`);
};
const probesAt = (nowMs: number) => store.probes({ nowMs, leaseMs: LEASE_MS, limit: 10 });

describe("bar 11 an open lane", () => {
  test("parks what is due, spends nothing, and leaves what is not due and other lanes alone", async () => {
    await keep(3);
    await keep(1, START_MS + HOUR_MS);
    const { endpointId: other } = await stage.addEndpoint({ url: "https://partner.example/other" });
    await keepDeliveries(stage, [toEndpoint(other, { atMs: START_MS + 2 * HOUR_MS })]);
    expect(await store.open(away(START_MS))).toBe(true);
    expect(await store.open(away(START_MS))).toBe(false);
    expect(await store.park(START_MS + 1_000, 2)).toBe(2);
    expect(await store.park(START_MS + 1_000, 2)).toBe(1);
    expect(await statuses()).toEqual(["parked 0", "parked 0", "parked 0", "pending 0", "pending 0"]);
  });

  test("parks what arrives, instead of letting it be taken along", async () => {
    await store.open(away(START_MS));
    const taken = { ...toEndpoint(endpointId), isTaken: true };
    await keepDeliveries(stage, [taken]);
    expect(await statuses()).toEqual(["parked 0"]);
  });

  test("is not claimed from", async () => {
    await keep(2);
    await store.open(away(START_MS));
    const rooms = { first: 10, retry: 10, replay: 10 };
    const request = { leaseMs: LEASE_MS, limit: 10, rooms, laneRooms: [], otherLanesRoom: 10, inFlight: [] };
    expect(await stage.store.claim({ ...request, nowMs: START_MS + HOUR_MS })).toEqual([]);
  });

  test("is probed with one delivery at a time, the oldest, by one process, when its rest is over", async () => {
    const [oldest] = await keep(3);
    await store.open(away(START_MS));
    await store.park(START_MS + 10, 10);
    expect(await probesAt(START_MS + 999)).toEqual([]);
    const all = await Promise.all([1, 2, 3].map(() => probesAt(START_MS + 1_000)));
    expect(all.flat().map(({ deliveryId, number, lane: of }) => [deliveryId, number, of])).toEqual([[oldest, 1, lane]]);
    expect(await probesAt(START_MS + LEASE_MS)).toEqual([]);
  });

  test("is probed with what is not due yet when nothing is parked", async () => {
    const [only] = await keep(1, START_MS + HOUR_MS);
    await store.open(away(START_MS));
    expect((await probesAt(START_MS + 1_000)).map(({ deliveryId }) => deliveryId)).toEqual([only]);
  });

  test("bar 13 is probed in strict order: the first of a user goes before those that came later, parked or not", async () => {
    const [first, second] = [1, 2].map((sequence) =>
      toEndpoint(endpointId, { isStrict: true, sequence, atMs: START_MS + sequence }),
    );
    await keepDeliveries(stage, [first!, second!]);
    const later = new Date(START_MS + HOUR_MS).toISOString();
    await stage.rows("update webhook_deliveries set due_at = $2 where delivery_id = $1", [first!.deliveryId, later]);
    await store.open(away(START_MS));
    await store.park(START_MS + 10, 10);
    expect((await statuses()).sort()).toEqual(["parked 0", "pending 0"]);
    expect((await probesAt(START_MS + 1_000)).map(({ deliveryId }) => deliveryId)).toEqual([first!.deliveryId]);
    expect(await probesAt(START_MS + HOUR_MS)).toEqual([]);
    expect(await store.states()).toEqual(new Map([[lane, "open"]]));
  });

  test("rests for longer after every probe that failed, and for as long as a Retry-After asks", async () => {
    await keep(1);
    await store.open(away(START_MS));
    const nextAt = async () => {
      const [row] = await stage.rows<{ next_at: string; failed_probes: number }>("select * from webhook_lanes");
      return [Date.parse(String(row?.next_at)) - START_MS, row?.failed_probes];
    };
    expect(await nextAt()).toEqual([1_000, 0]);
    await store.probeFailed(away(START_MS));
    expect(await nextAt()).toEqual([2_000, 1]);
    await store.probeFailed(away(START_MS));
    expect(await nextAt()).toEqual([4_000, 2]);
    await store.probeFailed(away(START_MS, 90_000));
    expect(await nextAt()).toEqual([90_000, 3]);
  });

  test("for which nothing waits flows again", async () => {
    await store.open(away(START_MS));
    expect(await probesAt(START_MS + 1_000)).toEqual([]);
    expect(await store.states()).toEqual(new Map());
  });

  test("of an endpoint that takes nothing is not probed", async () => {
    await keep(1);
    await store.open(away(START_MS));
    await stage.rows("update webhook_endpoints set status = 'paused' where endpoint_id = $1", [endpointId]);
    expect(await probesAt(START_MS + HOUR_MS)).toEqual([]);
    expect(await store.states()).toEqual(new Map([[lane, "open"]]));
  });
});

describe("bar 11 a recovering lane", () => {
  const openWith = async (count: number) => {
    const ids = await keep(count);
    await store.open(away(START_MS));
    await store.park(START_MS + HOUR_MS, 1_000);
    return ids;
  };
  const dueNow = async () => {
    const sql = "select delivery_id from webhook_deliveries where status = 'pending' order by created_at";
    return (await stage.rows<{ delivery_id: string }>(sql)).map(({ delivery_id }) => delivery_id);
  };
  const deliverAll = () => stage.rows("update webhook_deliveries set status = 'failed' where status = 'pending'");

  test("lets go one, two, four …, those that came first first, until nothing is parked; then it flows", async () => {
    const ids = await openWith(6);
    expect(await store.close(lane, START_MS + HOUR_MS)).toBe(true);
    expect(await store.close(lane, START_MS + HOUR_MS)).toBe(false);
    const seen: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      const [released] = await store.release(START_MS + HOUR_MS + step * 250);
      seen.push(released?.released ?? -1);
      if (step === 0) expect(await dueNow()).toEqual(ids.slice(0, 1));
      await deliverAll();
    }
    expect(seen).toEqual([1, 2, 3, 0]);
    expect(await store.states()).toEqual(new Map());
  });

  test("waits for what it has let go, and two processes do not take the same step", async () => {
    await openWith(20);
    await store.close(lane, START_MS + HOUR_MS);
    const first = await Promise.all([1, 2, 3].map(() => store.release(START_MS + HOUR_MS)));
    expect(first.flat().map(({ released }) => released)).toEqual([1]);
    expect(await store.release(START_MS + HOUR_MS + 100)).toEqual([]);
    expect(await store.release(START_MS + HOUR_MS + 250)).toEqual([{ lane, released: 1, isOver: false }]);
    expect(await dueNow()).toHaveLength(2);
  });

  test("rests while its endpoint is paused, and empties when it was deleted", async () => {
    await openWith(3);
    await store.close(lane, START_MS + HOUR_MS);
    await stage.rows("update webhook_endpoints set status = 'paused' where endpoint_id = $1", [endpointId]);
    expect(await store.release(START_MS + HOUR_MS)).toEqual([]);
    await stage.rows("update webhook_endpoints set deleted_at = now() where endpoint_id = $1", [endpointId]);
    expect(await store.release(START_MS + HOUR_MS)).toMatchObject([{ released: 1 }]);
  });

  test("that opens again begins anew", async () => {
    await openWith(10);
    await store.close(lane, START_MS + HOUR_MS);
    await store.release(START_MS + HOUR_MS);
    expect(await store.open(away(START_MS + HOUR_MS))).toBe(true);
    expect(await store.states()).toEqual(new Map([[lane, "open"]]));
  });
});

test("bar 11 a probe that found the receiver away spends no attempt, and does not make its delivery younger", async () => {
  await keep(1);
  await store.open(away(START_MS));
  const [probe] = await probesAt(START_MS + 1_000);
  const attempt = { startedAtMs: START_MS + 2 * HOUR_MS, durationMs: 5, statusCode: 503, answerExcerpt: null } as const;
  const next = { kind: "parked", atMs: START_MS + 2 * HOUR_MS } as const;
  const { deliveryId, fence, number } = probe!;
  await stage.store.record([{ deliveryId, fence, number, ...attempt, failureClass: "http_5xx", next }]);
  expect(await statuses()).toEqual(["parked 0"]);
  const attempts = await stage.rows("select status_code from webhook_attempts where delivery_id = $1", [deliveryId]);
  expect(attempts).toEqual([{ status_code: 503 }]);
  expect(await store.giveUp(START_MS + HOUR_MS, 10)).toBe(1);
});

test("what was parked for too long has failed, with a reason, and stays to be replayed", async () => {
  await keep(3);
  await store.open(away(START_MS));
  await store.park(START_MS + 1_000, 2);
  expect(await store.giveUp(START_MS + 1_000, 10)).toBe(0);
  expect(await store.giveUp(START_MS + 1_001, 10)).toBe(2);
  const rows = await stage.rows<{ status: string; last_error_class: string | null }>(
    "select status, last_error_class from webhook_deliveries order by created_at",
  );
  expect(rows.map(({ status, last_error_class }) => [status, last_error_class])).toEqual([
    ["failed", "parked_too_long"],
    ["failed", "parked_too_long"],
    ["pending", null],
  ]);
});
