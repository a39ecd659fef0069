import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClaimedDelivery } from "../../storage/claimed-delivery.ts";
import type { AttemptResult, ClaimRequest } from "../../storage/delivery-store.ts";
import { createStage, keepDeliveries, SCOPE, type Stage, toEndpoint } from "../consumers/webhooks/stage.ts";

const LEASE_MS = 45_000;
const PAST_MS = Date.parse("2026-01-01T00:00:00.000Z");

let stage: Stage;
let endpointId: string;

beforeAll(async () => {
  stage = await createStage();
  ({ endpointId } = await stage.addEndpoint({ url: "https://partner.example/hooks", schedule: [10, 20] }));
});

afterAll(() => stage.stop());

/** Every test has lanes of its own, so that what the others left does not get in its way. */
const request = (changes: Partial<ClaimRequest> = {}): ClaimRequest => ({
  nowMs: Date.now() + 1_000,
  leaseMs: LEASE_MS,
  limit: 100,
  rooms: { first: 100, retry: 100, replay: 100 },
  laneRooms: [],
  otherLanesRoom: 100,
  inFlight: [],
  ...changes,
});

const result = (claimed: ClaimedDelivery, next: AttemptResult["next"]): AttemptResult => ({
  deliveryId: claimed.deliveryId,
  fence: claimed.fence,
  number: claimed.number,
  startedAtMs: PAST_MS,
  durationMs: 12,
  statusCode: next.kind === "delivered" ? 200 : 500,
  failureClass: next.kind === "delivered" ? null : "http_5xx",
  answerExcerpt: "thank you",
  next,
});

const delivered = { kind: "delivered", atMs: PAST_MS + 12 } as const;
const settle = async (claimed: readonly ClaimedDelivery[]) =>
  stage.store.record(claimed.map((one) => result(one, delivered)));
const idsOf = (deliveries: readonly { deliveryId: string }[]) => deliveries.map(({ deliveryId }) => deliveryId);

describe("claim", () => {
  test("gives what an attempt needs, once", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const link = { eventType: "link.opened", linkId: "link_1", body: '{"id":"ñ"}', sequence: 7 };
    const delivery = toEndpoint(endpointId, { ...link, traceparent });
    await keepDeliveries(stage, [delivery]);
    const claimed = await stage.store.claim(request());
    expect(claimed).toEqual([
      {
        deliveryId: delivery.deliveryId,
        fence: 1,
        number: 1,
        lane: delivery.lane,
        slotClass: "first",
        ...SCOPE,
        eventId: delivery.eventId,
        eventType: "link.opened",
        url: delivery.url,
        body: '{"id":"ñ"}',
        sequence: 7,
        traceparent,
        acceptedAtMs: delivery.atMs,
        isTakenOver: false,
        isReceiverRemoved: false,
        delaysMs: [10, 20],
        rateLimit: null,
        isStrict: false,
        sealedSecrets: [{ sealed: expect.stringMatching(/^v1\./), createdAt: expect.any(String), expiresAt: null }],
      },
    ]);
    expect(await stage.store.claim(request())).toEqual([]);
    await settle(claimed);
  });

  test("bar 15 says when one is taken over from a worker whose lease has ended", async () => {
    await keepDeliveries(stage, [toEndpoint(endpointId)]);
    const nowMs = Date.now();
    await stage.store.claim(request({ nowMs, leaseMs: 1_000 }));
    expect(await stage.store.claim(request({ nowMs: nowMs + 999 }))).toEqual([]);
    const taken = await stage.store.claim(request({ nowMs: nowMs + 1_000 }));
    expect(taken).toMatchObject([{ isTakenOver: true, fence: 2, number: 1 }]);
    await settle(taken);
  });

  test("two workers at once share, and none is given twice", async () => {
    const deliveries = Array.from({ length: 60 }, () => toEndpoint(endpointId));
    await keepDeliveries(stage, deliveries);
    const shares = await Promise.all(Array.from({ length: 6 }, () => stage.store.claim(request({ limit: 10 }))));
    const rest = await stage.store.claim(request());
    const all = [...shares.flat(), ...rest];
    expect(idsOf(all).sort()).toEqual(idsOf(deliveries).sort());
    await settle(all);
  });

  test("what is not due yet is left alone", async () => {
    const nowMs = Date.now();
    const delivery = toEndpoint(endpointId, { atMs: nowMs + 60_000 });
    await keepDeliveries(stage, [delivery]);
    expect(await stage.store.claim(request({ nowMs: nowMs + 59_999 }))).toEqual([]);
    const claimed = await stage.store.claim(request({ nowMs: nowMs + 60_000 }));
    expect(idsOf(claimed)).toEqual([delivery.deliveryId]);
    await settle(claimed);
  });

  test("no lane gets more than its share, and a long queue of one does not hide the others", async () => {
    const crowd = Array.from({ length: 1_200 }, () => toEndpoint(endpointId, { lane: "crowded", atMs: PAST_MS }));
    const single = toEndpoint(endpointId, { lane: "single", atMs: PAST_MS + 1_000 });
    await keepDeliveries(stage, [...crowd, single]);
    const first = await stage.store.claim(request({ otherLanesRoom: 3 }));
    expect(first.map(({ lane }) => lane).sort()).toEqual(["crowded", "crowded", "crowded", "single"]);
    const full = [{ lane: "crowded", room: 0, inFlight: 3 }];
    expect(await stage.store.claim(request({ laneRooms: full }))).toEqual([]);
    expect(idsOf(first)).toContain(single.deliveryId);
    await stage.rows("delete from webhook_deliveries where lane in ('crowded', 'single')");
  });

  test("the lanes with the fewest in flight come first", async () => {
    const busy = Array.from({ length: 4 }, () => toEndpoint(endpointId, { lane: "busy", atMs: PAST_MS }));
    const idle = Array.from({ length: 2 }, () => toEndpoint(endpointId, { lane: "idle", atMs: PAST_MS + 1_000 }));
    await keepDeliveries(stage, [...busy, ...idle]);
    const first = await stage.store.claim(request({ limit: 1 }));
    const laneRooms = [{ lane: "busy", room: 50, inFlight: 2 }];
    const next = await stage.store.claim(request({ limit: 2, laneRooms }));
    expect(next.map(({ lane }) => lane)).toEqual(["idle", "idle"]);
    await settle([...first, ...next, ...(await stage.store.claim(request()))]);
  });

  test("of a lane first attempts come before retries, and these before what was asked for again", async () => {
    const again = { cause: "replay", replayId: "rpl_1" } as const;
    await keepDeliveries(stage, [
      toEndpoint(endpointId, { lane: "mixed", atMs: PAST_MS, ...again }),
      toEndpoint(endpointId, { lane: "mixed", atMs: PAST_MS + 1 }),
      toEndpoint(endpointId, { lane: "mixed", atMs: PAST_MS + 2 }),
    ]);
    const retried = "update webhook_deliveries set slot_class = 'retry' where lane = 'mixed' and created_at = $1";
    await stage.rows(retried, [new Date(PAST_MS + 1).toISOString()]);
    const order: string[] = [];
    for (let taken = 0; taken < 3; taken += 1) {
      const claimed = await stage.store.claim(request({ otherLanesRoom: 1 }));
      order.push(...claimed.map(({ slotClass }) => slotClass));
      await settle(claimed);
    }
    expect(order).toEqual(["first", "retry", "replay"]);
  });

  test("what this worker has in flight is not taken again, not even after its lease", async () => {
    await keepDeliveries(stage, [toEndpoint(endpointId)]);
    const [mine] = await stage.store.claim(request({ leaseMs: 1 }));
    expect(await stage.store.claim(request({ inFlight: [mine!.deliveryId] }))).toEqual([]);
    await settle([mine!]);
  });

  test("a deleted endpoint is said to be one", async () => {
    const { endpointId: deleted } = await stage.addEndpoint({ url: "https://partner.example/deleted" });
    await keepDeliveries(stage, [toEndpoint(deleted)]);
    await stage.rows("update webhook_endpoints set deleted_at = now() where endpoint_id = $1", [deleted]);
    const claimed = await stage.store.claim(request());
    expect(claimed).toMatchObject([{ isReceiverRemoved: true }]);
    await settle(claimed);
  });

  test("a delivery to a callbackUrl comes with the partner's secrets, none when there are none yet", async () => {
    const receiver = { kind: "link", id: "link_1" } as const;
    const toLink = () => toEndpoint("", { receiver, linkId: "link_1", lane: "callback:acme/test/https://x.example" });
    await keepDeliveries(stage, [toLink()]);
    const before = await stage.store.claim(request());
    expect(before).toMatchObject([{ sealedSecrets: [], delaysMs: null, isReceiverRemoved: false }]);
    const secrets = [{ sealed: "v1.x", createdAt: "2026-01-01T00:00:00.000Z", expiresAt: null }];
    await stage.rows("insert into webhook_secrets values ('acme', 'test', $1, now())", [JSON.stringify(secrets)]);
    await keepDeliveries(stage, [toLink()]);
    const after = await stage.store.claim(request());
    expect(after).toMatchObject([{ sealedSecrets: secrets }]);
    await settle([...before, ...after]);
  });
});

describe("record", () => {
  const stateOf = async (deliveryId: string) => {
    const rows = await stage.rows(
      `select status, attempts, fence, due_at, lease_until, last_status, last_error_class, delivered_at
       from webhook_deliveries where delivery_id = $1`,
      [deliveryId],
    );
    return rows[0];
  };
  const claimOne = async (changes: Partial<ClaimRequest> = {}) => {
    const delivery = toEndpoint(endpointId);
    await keepDeliveries(stage, [delivery]);
    const [claimed] = await stage.store.claim(request(changes));
    expect(claimed?.deliveryId).toBe(delivery.deliveryId);
    return claimed!;
  };

  test("delivered: the delivery is over, its attempt is kept", async () => {
    const claimed = await claimOne();
    expect(await stage.store.record([result(claimed, delivered)])).toEqual(new Set([claimed.deliveryId]));
    expect(await stateOf(claimed.deliveryId)).toMatchObject({
      status: "delivered",
      attempts: 1,
      lease_until: null,
      last_status: 200,
      last_error_class: null,
      delivered_at: expect.stringContaining("2026-01-01 00:00:00.012"),
    });
    const attempts = await stage.rows("select * from webhook_attempts where delivery_id = $1", [claimed.deliveryId]);
    expect(attempts).toMatchObject([
      { number: 1, duration_ms: 12, status_code: 200, error_class: null, answer_excerpt: "thank you" },
    ]);
  });

  test("retry: it is pending until its next time, then claimed as the next attempt", async () => {
    const claimed = await claimOne();
    const dueAtMs = Date.now() + 120_000;
    await stage.store.record([result(claimed, { kind: "retry", dueAtMs })]);
    expect(await stateOf(claimed.deliveryId)).toMatchObject({
      status: "pending",
      attempts: 1,
      last_status: 500,
      last_error_class: "http_5xx",
    });
    expect(await stage.store.claim(request({ nowMs: dueAtMs - 1 }))).toEqual([]);
    const again = await stage.store.claim(request({ nowMs: dueAtMs }));
    expect(again).toMatchObject([{ deliveryId: claimed.deliveryId, number: 2, fence: 2 }]);
    await settle(again);
  });

  test("H6 failed: it is over and stays listed", async () => {
    const claimed = await claimOne();
    await stage.store.record([result(claimed, { kind: "failed" })]);
    expect(await stateOf(claimed.deliveryId)).toMatchObject({ status: "failed", attempts: 1, delivered_at: null });
    expect(await stage.store.claim(request({ nowMs: Date.now() + 1e9 }))).toEqual([]);
  });

  test("a worker that comes back after its lease cannot overwrite the newer result", async () => {
    const nowMs = Date.now() + 60_000;
    const late = await claimOne({ nowMs, leaseMs: 1 });
    const [newer] = await stage.store.claim(request({ nowMs: nowMs + 1 }));
    expect(newer).toMatchObject({ deliveryId: late.deliveryId, number: 1, fence: 2 });
    expect(await stage.store.record([result(late, { kind: "failed" })])).toEqual(new Set());
    expect(await stateOf(late.deliveryId)).toMatchObject({ status: "delivering", attempts: 0, fence: 2 });
    await settle([newer!]);
    expect(await stage.store.record([result(late, { kind: "failed" })])).toEqual(new Set());
    expect(await stateOf(late.deliveryId)).toMatchObject({ status: "delivered", attempts: 1 });
    const attempts = await stage.rows("select * from webhook_attempts where delivery_id = $1", [late.deliveryId]);
    expect(attempts).toHaveLength(1);
  });

  test("a result that is late but not overtaken counts", async () => {
    const slow = await claimOne({ leaseMs: 1 });
    expect(await settle([slow])).toEqual(new Set([slow.deliveryId]));
  });
});

test("bar 15 the backlog tells what is due and not begun, since when, and what is parked, by the state of lanes", async () => {
  await stage.rows("delete from webhook_deliveries", []);
  const nowMs = Date.now();
  await keepDeliveries(stage, [
    toEndpoint(endpointId, { lane: "well", atMs: PAST_MS }),
    toEndpoint(endpointId, { lane: "well", atMs: PAST_MS + 1 }),
    toEndpoint(endpointId, { lane: "well", atMs: nowMs + 60_000 }),
    toEndpoint(endpointId, { lane: "back", atMs: PAST_MS + 1 }),
    toEndpoint(endpointId, { lane: "well", isPaused: true }),
  ]);
  await stage.rows(
    "insert into webhook_lanes (lane, state, since, next_at) values ('back', 'recovering', now(), now())",
  );
  const due = { flowing: 2, open: 0, recovering: 1 };
  expect(await stage.store.backlog(nowMs)).toEqual({ due, oldestMs: nowMs - PAST_MS, parked: 1 });
  await stage.store.claim(request({ nowMs, limit: 1 }));
  expect(await stage.store.backlog(nowMs)).toMatchObject({ due: { flowing: 1, open: 0, recovering: 1 } });
  await stage.rows("delete from webhook_deliveries", []);
  expect(await stage.store.backlog(nowMs)).toMatchObject({ due: { flowing: 0 }, oldestMs: 0, parked: 0 });
});

test("an attempt of any day finds a partition", async () => {
  const [row] = await stage.rows<{ parts: string }>(
    "select count(*) as parts from pg_inherits where inhparent = 'webhook_attempts'::regclass",
  );
  expect(Number(row?.parts)).toBeGreaterThanOrEqual(1);
});
