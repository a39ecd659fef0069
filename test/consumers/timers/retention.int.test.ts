import { beforeEach, describe, expect, test } from "vitest";
import { keepHouse } from "../../../consumers/timers/housekeeping.ts";
import { createReplay, findReplay } from "../../../storage/configuration/replays.ts";
import { listWebhookDeliveries } from "../../../storage/queries/webhook-deliveries.ts";
import { runSql } from "../../../storage/sql.ts";
import { useDatabase } from "../../support/database.ts";

const { em } = useDatabase();
const SCOPE = { partner: "acme", environment: "test" } as const;
const NOW = "2026-11-28T09:00:00.000Z";
const RETENTION = { attemptDays: 20, deliveryDays: 30 };
const [TOO_OLD, KEPT] = ["2026-10-29T08:59:59.999Z", "2026-10-29T09:00:00.000Z"];
const LONG_AGO = "2026-01-01T00:00:00.000Z";

const keep = (mayGoOn = async () => true) =>
  keepHouse({ em, nowMs: Date.parse(NOW), retention: RETENTION, commandTopic: "user-commands", mayGoOn });
const rows = <Row>(sql: string, parameters: readonly unknown[] = []) => runSql<Row>(em(), sql, parameters);
const idsOf = async (table: string, key: string) =>
  (await rows<{ id: string }>(`select ${key} as id from ${table} order by 1`)).map(({ id }) => id);

beforeEach(() => rows("truncate webhook_deliveries, webhook_attempts, webhook_replays"));

interface Kept {
  readonly id: string;
  readonly status: string;
  readonly dueAt: string;
  readonly createdAt?: string;
  readonly replayId?: string;
}

const keepDelivery = ({ id, status, dueAt, createdAt = LONG_AGO, replayId }: Kept) =>
  rows(ADD_DELIVERIES, [id, status, dueAt, createdAt, replayId ?? null, 1]);

const ADD_DELIVERIES = `
  insert into webhook_deliveries (delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, url, event_type,
    body, sequence, cause, replay_id, status, parked_at, attempts, due_at, lease_until, fence, created_at, delivered_at)
  select $1 || case when $6 = 1 then '' else number::text end, 'evt_' || $1 || number, 'endpoint:ep_1', 'ep_1', 'acme', 'test',
    'ep_1', 'https://partner.example', 'user.created', '{}', 1, case when $5::text is null then 'event' else 'replay' end, $5,
    $2, case when $2 = 'parked' then $3::timestamptz end, 1, $3, case when $2 = 'delivering' then $3::timestamptz end, 1,
    $4, case when $2 = 'delivered' then $3::timestamptz end
  from generate_series(1, $6::int) as number`;

const addAttempt = (deliveryId: string, startedAt: string) =>
  rows("insert into webhook_attempts values ($1, 1, $2, 5, 200, null, 'ok')", [deliveryId, startedAt]);

describe("H6 what has ended stays listed for the retention and is then deleted:", () => {
  test("deliveries that were delivered or have failed, counted from their last attempt", async () => {
    for (const status of ["delivered", "failed"]) {
      await keepDelivery({ id: `dlv_${status}_old`, status, dueAt: TOO_OLD });
      await keepDelivery({ id: `dlv_${status}_young`, status, dueAt: KEPT });
    }
    expect(await keep()).toMatchObject({ deleted: { deliveries: 2 }, isDone: true });
    expect(await idsOf("webhook_deliveries", "delivery_id")).toEqual(["dlv_delivered_young", "dlv_failed_young"]);
  });

  test("never what waits, however old", async () => {
    const waiting = ["delivering", "parked", "pending"];
    for (const status of waiting) await keepDelivery({ id: `dlv_${status}`, status, dueAt: LONG_AGO });
    expect(await keep()).toMatchObject({ deleted: { deliveries: 0 } });
    expect(await idsOf("webhook_deliveries", "delivery_id")).toEqual(waiting.map((status) => `dlv_${status}`));
  });

  test("replays that are over, as long as none of their deliveries waits", async () => {
    const add = async (finishedAt: string | null) => {
      const filter = { from: null, to: KEPT, types: null, referenceId: null, scope: "all" } as const;
      const replay = { kind: "replay", endpointId: "ep_1", filter, rate: null } as const;
      const { replayId } = await createReplay(em(), SCOPE, { replay, now: LONG_AGO });
      const done = "update webhook_replays set state = 'done', finished_at = $2 where replay_id = $1";
      if (finishedAt !== null) await rows(done, [replayId, finishedAt]);
      return replayId;
    };
    const [gone, delivered, waiting] = [await add(TOO_OLD), await add(TOO_OLD), await add(TOO_OLD)];
    const [young, running] = [await add(KEPT), await add(null)];
    await keepDelivery({ id: "dlv_1", status: "delivered", dueAt: KEPT, replayId: delivered });
    await keepDelivery({ id: "dlv_2", status: "parked", dueAt: TOO_OLD, replayId: waiting });
    expect(await keep()).toMatchObject({ deleted: { replays: 2 } });
    for (const replayId of [gone, delivered]) expect(await findReplay(em(), SCOPE, replayId)).toBeNull();
    expect(await idsOf("webhook_replays", "replay_id")).toEqual([waiting, young, running].toSorted());
  });

  test("attempts of days without a partition", async () => {
    await addAttempt("dlv_1", "2026-11-08T08:59:59.999Z");
    await addAttempt("dlv_2", "2026-11-08T09:00:00.000Z");
    expect(await keep()).toMatchObject({ deleted: { attempts: 1 } });
    expect(await idsOf("webhook_attempts", "delivery_id")).toEqual(["dlv_2"]);
  });
});

test("H6 a delivery whose attempts are gone is still listed, and one that is kept is listed with them", async () => {
  await keepDelivery({ id: "dlv_1", status: "failed", dueAt: KEPT, createdAt: KEPT });
  await keepDelivery({ id: "dlv_2", status: "delivered", dueAt: NOW, createdAt: KEPT });
  await addAttempt("dlv_1", KEPT);
  await addAttempt("dlv_2", NOW);
  await keep();
  const search = { endpointId: null, status: null, event: null, cursor: null, limit: 10 };
  const page = await listWebhookDeliveries(em(), SCOPE, search);
  expect(page?.items.map(({ deliveryId, attempts }) => [deliveryId, attempts.map(({ at }) => at)])).toEqual([
    ["dlv_2", [NOW]],
    ["dlv_1", []],
  ]);
});

test("a round deletes so much at most, stops when it is told to, and says whether there is more", async () => {
  await rows(ADD_DELIVERIES, ["dlv_", "delivered", TOO_OLD, LONG_AGO, null, 51_000]);
  let asked = 0;
  const stopsAtOnce = await keep(async () => ++asked > 1_000);
  expect(stopsAtOnce).toMatchObject({ deleted: { deliveries: 0 }, isDone: false });
  expect(await keep()).toMatchObject({ deleted: { deliveries: 50_000 }, isDone: false });
  expect(await keep()).toMatchObject({ deleted: { deliveries: 1_000 }, isDone: true });
});

test("however much waits, none of it is looked at to find what is old", async () => {
  await rows(ADD_DELIVERIES, ["dlv_waiting_", "parked", LONG_AGO, LONG_AGO, null, 20_000]);
  await rows(ADD_DELIVERIES, ["dlv_old_", "delivered", TOO_OLD, LONG_AGO, null, 50]);
  await rows("vacuum analyze webhook_deliveries");
  const before = await readRows();
  expect(await keep()).toMatchObject({ deleted: { deliveries: 50 } });
  expect((await readRows()) - before).toBeLessThan(1_000);
});

/** How many rows and index entries of the deliveries were ever read, as Postgres counts it. */
async function readRows(): Promise<number> {
  const sql = `
    select (seq_tup_read + (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'webhook_deliveries'))::int as read
    from pg_stat_user_tables where relname = 'webhook_deliveries'`;
  await rows("select pg_stat_force_next_flush()");
  return (await rows<{ read: number }>(sql))[0]?.read ?? -1;
}
