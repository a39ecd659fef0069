import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createReplay, findReplay, moveReplay, type NewReplay } from "../../storage/configuration/replays.ts";
import type { ReplayFilter } from "../../storage/entities/webhook-replay.ts";
import { createReplayStore } from "../../storage/replay-store.ts";
import { createStage, keepDeliveries, PARTNER, SCOPE, type Stage, toEndpoint } from "../consumers/webhooks/stage.ts";

const START_MS = Date.parse("2026-03-01T10:00:00.000Z");
const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();
const NOW_MS = Date.parse(at(100_000));

let stage: Stage;
let users = 0;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.stop());
beforeEach(async () => {
  await stage.rows("delete from webhook_replays");
  await stage.rows("delete from webhook_deliveries");
  await stage.rows("delete from user_history");
});

/** A user whose history has so many events, a minute apart; gives their ids in order. */
async function addEvents(count: number, type = "user.data_updated"): Promise<readonly string[]> {
  users += 1;
  const name = `replayed-${users}`;
  await stage.addLink({ linkId: name, callbackUrl: null });
  const rows = await stage.rows<{ event_id: string }>(
    `insert into user_history (user_id, sequence, event_id, user_version, type, at, command_id, actor, data, world)
     select $1, n, 'evt_acme_' || $2 || '_' || n, n, $3, $4::timestamptz + n * interval '1 minute', 'cmd', '{}', '{}', $5
     from generate_series(1, $6) as n returning event_id`,
    [`user_${name}`, users, type, at(0), `${PARTNER}/test`, count],
  );
  return rows.map(({ event_id }) => event_id);
}

const EVERYTHING: ReplayFilter = { from: null, to: at(100_000), types: null, referenceId: null, scope: "all" };

async function begin(endpointId: string, filter: Partial<ReplayFilter> = {}, given: Partial<NewReplay> = {}) {
  const replay: NewReplay = { kind: "replay", endpointId, rate: null, filter: { ...EVERYTHING, ...filter }, ...given };
  return (await createReplay(stage.database.em(), SCOPE, { replay, now: at(0) })).replayId;
}

const store = () => createReplayStore(stage.database);
const find = (replayId: string) => findReplay(stage.database.em(), SCOPE, replayId);
const replayed = async (replayId: string) => {
  const sql = "select event_id from webhook_deliveries where replay_id = $1 order by created_at, event_id";
  return (await stage.rows<{ event_id: string }>(sql, [replayId])).map(({ event_id }) => event_id);
};
const deliverAll = () => stage.rows("update webhook_deliveries set status = 'delivered', delivered_at = now()");

/** Steps until the replay rests or has ended; what was made is delivered at once. */
async function work(replayId: string, nowMs = NOW_MS): Promise<void> {
  for (let step = await store().step(nowMs); step !== null; step = await store().step(nowMs)) {
    expect(step.replayId).toBe(replayId);
    await deliverAll();
  }
}

test("bar 12 every event once, in steps, however many workers take them", async () => {
  const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
  const events = await addEvents(1_200);
  const replayId = await begin(endpointId);
  for (let round = 0; (await find(replayId))?.state === "running" && round < 20; round += 1) {
    await Promise.all([store().step(NOW_MS), store().step(NOW_MS), store().step(NOW_MS)]);
    await deliverAll();
  }
  expect(await find(replayId)).toMatchObject({ state: "done", examined: 1_200, enqueued: 1_200 });
  expect([...(await replayed(replayId))].sort()).toEqual([...events].sort());
});

test("bar 12 a step that breaks off leaves nothing: the next one does it whole", async () => {
  const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
  await addEvents(3);
  const replayId = await begin(endpointId);
  await stage.rows("alter table webhook_replays add constraint breaks check (enqueued = 0)");
  await expect(store().step(NOW_MS)).rejects.toThrow();
  expect(await replayed(replayId)).toEqual([]);
  await stage.rows("alter table webhook_replays drop constraint breaks");
  await work(replayId);
  expect(await replayed(replayId)).toHaveLength(3);
});

test("the body is the one that was sent at first, under the event's own id", async () => {
  const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
  const [eventId] = await addEvents(1);
  await work(await begin(endpointId));
  const [row] = await stage.rows<{ body: string }>("select body, cause, sequence from webhook_deliveries");
  expect(row).toMatchObject({ cause: "replay", sequence: 1 });
  const envelope = { id: eventId, event: "user.data_updated", timestamp: at(1), sequence: 1, userVersion: 1, data: {} };
  expect(row?.body).toBe(JSON.stringify(envelope));
});

describe("which events", () => {
  test("of these times, types and this user", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    const first = await addEvents(5);
    const second = await addEvents(5, "user.created");
    const expected: [Partial<ReplayFilter>, readonly string[]][] = [
      [{ from: at(4) }, [...first.slice(3), ...second.slice(3)]],
      [{ to: at(2) }, [...first.slice(0, 2), ...second.slice(0, 2)]],
      [{ types: ["user.created"] }, second],
      [{ referenceId: `ref-replayed-${users}` }, second],
      [{ referenceId: "nobody" }, []],
    ];
    for (const [filter, events] of expected) {
      const replayId = await begin(endpointId, filter);
      await work(replayId);
      expect([filter, [...(await replayed(replayId))].sort()]).toEqual([filter, [...events].sort()]);
    }
  });

  test("failed and missing ones only, and never what waits", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    const [delivered, failed, waiting, never] = await addEvents(4);
    const status = async (eventId: string, change: string) =>
      stage.rows(`update webhook_deliveries set ${change} where event_id = $1`, [eventId]);
    const known = [delivered, failed, waiting] as string[];
    await keepDeliveries(
      stage,
      known.map((eventId) => toEndpoint(endpointId, { eventId })),
    );
    await status(delivered ?? "", "status = 'delivered', delivered_at = now()");
    await status(failed ?? "", "status = 'failed'");
    const enqueued = async (scope: ReplayFilter["scope"]) => {
      const replayId = await begin(endpointId, { scope });
      await store().step(NOW_MS);
      const events = await replayed(replayId);
      await stage.rows("delete from webhook_deliveries where replay_id is not null");
      return events;
    };
    expect(await enqueued("failed")).toEqual([failed]);
    expect(await enqueued("missing")).toEqual([failed, never]);
    expect(await enqueued("all")).toEqual([delivered, failed, never]);
  });

  test("only what the endpoint subscribes to", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/", events: ["user.created"] });
    await addEvents(2);
    const replayId = await begin(endpointId);
    await work(replayId);
    expect(await find(replayId)).toMatchObject({ state: "done", examined: 2, enqueued: 0 });
  });
});

describe("how fast, and whether at all", () => {
  test("a rate: a second's worth, then a second's rest", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await addEvents(5);
    const replayId = await begin(endpointId, {}, { rate: 2 });
    expect(await store().step(NOW_MS)).toMatchObject({ enqueued: 2 });
    await deliverAll();
    expect(await store().step(NOW_MS + 999)).toBeNull();
    expect(await store().step(NOW_MS + 1_000)).toMatchObject({ enqueued: 2 });
    expect(await find(replayId)).toMatchObject({ state: "running", enqueued: 4, reachedAt: at(4) });
  });

  test("while 500 of its deliveries wait it rests", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await addEvents(600);
    const replayId = await begin(endpointId);
    expect(await store().step(NOW_MS)).toMatchObject({ enqueued: 500 });
    expect(await store().step(NOW_MS)).toMatchObject({ enqueued: 0 });
    expect(await store().step(NOW_MS)).toBeNull();
    await deliverAll();
    await work(replayId, NOW_MS + 1_000);
    expect(await find(replayId)).toMatchObject({ state: "done", enqueued: 600 });
  });

  test("paused it stands still; resumed it goes on; cancelled it has ended", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await addEvents(2);
    const replayId = await begin(endpointId);
    const move = (what: "pause" | "resume" | "cancel", scope: { partner: string; environment: "test" } = SCOPE) =>
      stage.database.em().transactional((unit) => moveReplay(unit, { scope, replayId }, { move: what, now: at(1) }));
    expect(await move("pause", { partner: "globex", environment: "test" })).toBeNull();
    expect(await move("pause")).toMatchObject({ kind: "moved", replay: { state: "paused" } });
    expect(await store().step(NOW_MS)).toBeNull();
    expect(await move("resume")).toMatchObject({ kind: "moved", replay: { state: "running" } });
    expect(await move("cancel")).toMatchObject({ kind: "moved", replay: { state: "cancelled", finishedAt: at(1) } });
    expect(await store().step(NOW_MS)).toBeNull();
    expect(await move("resume")).toEqual({ kind: "refused", state: "cancelled" });
    expect(await replayed(replayId)).toEqual([]);
  });

  test("a disabled endpoint pauses it, a deleted one ends it, each with the reason", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await addEvents(1);
    const [paused, ended] = [await begin(endpointId), await begin(endpointId)];
    await stage.rows("update webhook_endpoints set status = 'disabled' where endpoint_id = $1", [endpointId]);
    await store().step(NOW_MS);
    await stage.rows("update webhook_endpoints set deleted_at = now() where endpoint_id = $1", [endpointId]);
    await store().step(NOW_MS);
    const states = [await find(paused), await find(ended)].map((one) => [one?.state, one?.reason]);
    expect(states.sort()).toEqual([
      ["cancelled", "The endpoint was deleted"],
      ["paused", "The endpoint is disabled; enable it, then resume the replay"],
    ]);
  });
});
