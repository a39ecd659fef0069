import { afterEach, describe, expect, test } from "vitest";
import { keepHouse } from "../../consumers/timers/housekeeping.ts";
import { takeTurn } from "../../consumers/timers/turn.ts";
import { createTimers, type TimersSettings } from "../../consumers/timers.ts";
import type { HeldResult } from "../../domain/decision.ts";
import type { Verification } from "../../domain/user/user.ts";
import type { OutgoingMessage } from "../../messaging/publisher.ts";
import type { RunningConsumer } from "../../messaging/run-consumer.ts";
import { manualClock, systemClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import { runSql } from "../../storage/sql.ts";
import { aUser, EXPIRES_AT, insertRow, storeHeldResult, storeLink, storeUser } from "../storage/rows.ts";
import { useDatabase } from "../support/database.ts";
import { silentLog } from "../support/kafka.ts";
import { until } from "../support/until.ts";

const { em, database } = useDatabase();
const RETENTION = { attemptDays: 30, deliveryDays: 30 };
const NOTHING_DELETED = { attempts: 0, deliveries: 0, replays: 0 };
const running: RunningConsumer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((timers) => timers.stop()));
});

describe("createTimers", () => {
  test("G7 B5 what is due of links, held results and verifications is told to the users consumer, once", async () => {
    const owner = await storeUser(em());
    const due = await storeLink(em(), owner, { expiresAt: EXPIRES_AT });
    await storeLink(em(), await storeUser(em()), { expiresAt: "2999-01-01T00:00:00.000Z" });
    await storeHeldResult(em(), owner.address, heldSince(EXPIRES_AT));
    await storeHeldResult(em(), owner.address, heldSince(new Date().toISOString()));
    const reverifyBy = EXPIRES_AT;
    await storeUser(em(), { state: "cip_verified", cip: { ...aUser().cip, verification: overdue(reverifyBy) } });
    const { published, timers } = start();
    await until("all are published", async () => published.length >= 3);
    await until("it looked", async () => (await timers.checks["timers looking"]?.())?.ok === true);
    expect(published.map(({ value }) => (value as { type: string }).type)).toEqual([
      "ExpireLink",
      "ParkHeldResult",
      "MarkReverificationDue",
    ]);
    expect(published[2]?.value).toMatchObject({ payload: { reverifyBy } });
    expect(published[0]).toMatchObject({ key: `acme/test/${owner.address.referenceId}` });
    expect(published[0]?.value).toMatchObject({ payload: { linkId: due.linkId } });
  });

  test("G7 one process is active at a time, and another takes over when it ends", async () => {
    await storeLink(em(), await storeUser(em()), { expiresAt: EXPIRES_AT });
    const first = start();
    await until("the first publishes", async () => first.published.length > 0);
    const second = start();
    await until("the second looks", async () => (await second.timers.checks["timers looking"]?.())?.ok === true);
    expect(second.published).toEqual([]);
    await first.timers.stop();
    const idsOf = (messages: readonly OutgoingMessage[]) => messages.map(({ headers }) => headers?.["messageId"]);
    await until("the second publishes all that the first did", async () => {
      const published = new Set(idsOf(second.published));
      return idsOf(first.published).every((id) => published.has(id));
    });
  });
});

describe("housekeeping", () => {
  test("days of attempts that cannot be made just now hold up nothing that is due, nor anything that is to be deleted", async () => {
    await storeLink(em(), await storeUser(em()), { expiresAt: EXPIRES_AT });
    await insertRow(em(), "decisions", decision("due", EXPIRES_AT));
    const metrics = createMetrics("test");
    await em().transactional(async (held) => {
      await runSql(held, "lock table only webhook_attempts in share update exclusive mode", []);
      const { published } = start({ clock: manualClock(NOW_MS).now, metrics });
      await until("it is published", async () => published.length > 0);
      await until("it is deleted", async () =>
        (await metrics.text()).includes('{what="decisions",component="test"} 1'),
      );
      expect(await metrics.text()).toContain('m2m_attempt_days_missing{component="test"} 7');
    });
  });

  test("goes on after Postgres has ended every connection", async () => {
    const clock = manualClock(NOW_MS);
    const metrics = createMetrics("test");
    start({ clock: clock.now, metrics });
    const rounds = async (text: string) => until(text, async () => (await metrics.text()).includes(text));
    await insertRow(em(), "decisions", decision("first", EXPIRES_AT));
    clock.advance(60_000);
    await rounds('{what="decisions",component="test"} 1');
    await runSql(em(), END_OTHER_CONNECTIONS, []);
    // The pool may still lend a connection that has just been ended.
    await until("the second is stored", () =>
      insertRow(em(), "decisions", decision("second", EXPIRES_AT)).then(
        () => true,
        () => false,
      ),
    );
    clock.advance(60_000);
    await rounds('{what="decisions",component="test"} 2');
    expect(await metrics.text()).toContain('m2m_attempt_days_missing{component="test"} 0');
  });
});

describe("takeTurn", () => {
  test("G7 a turn is one process's; another turn is another's", async () => {
    await takeTurn(em(), "one", async () => {
      expect(await takeTurn(em(), "two", async () => undefined)).toBe(true);
      expect(await takeTurn(em(), "one", async () => undefined)).toBe(false);
    });
  });
});

describe("keepHouse", () => {
  test("deletes what is too old and nothing else, the outbox only where it is published", async () => {
    const nowMs = Date.parse("2026-03-10T00:00:00.000Z");
    for (const [name, decidedAt] of [
      ["old", "2026-03-02T23:59:59.000Z"],
      ["young", "2026-03-03T00:00:01.000Z"],
    ] as const) {
      await insertRow(em(), "decisions", decision(name, decidedAt));
    }
    for (const [key, createdAt] of [
      ["old", "2026-03-08T23:59:59.000Z"],
      ["young", "2026-03-09T00:00:01.000Z"],
    ] as const) {
      await insertRow(em(), "idempotency", idempotency(key, createdAt));
    }
    const progress = {
      topic: "m2m.user-commands",
      partition: 0,
      cluster_id: "c",
      next_offset: 9,
      published_through: 3,
    };
    await insertRow(em(), "consumer_progress", progress);
    for (const [id, createdAt] of [
      [1, "2026-03-09T22:00:00.000Z"],
      [2, "2026-03-09T22:00:00.000Z"],
      [3, "2026-03-09T23:30:00.000Z"],
      [4, "2026-03-09T22:00:00.000Z"],
    ] as const) {
      await runSql(em(), OUTBOX, [id, createdAt]);
    }
    const settings = { em, nowMs, retention: RETENTION, commandTopic: "m2m.user-commands" };
    expect(await keepHouse({ ...settings, mayGoOn: async () => true })).toEqual({
      deleted: { decisions: 1, "idempotency records": 1, "outbox rows": 2, ...NOTHING_DELETED },
      isDone: true,
    });
    expect(await runSql(em(), "select command_id from decisions", [])).toEqual([{ command_id: "cmd_acme_young" }]);
    expect(await runSql(em(), "select key from idempotency", [])).toEqual([{ key: "young" }]);
    expect(await runSql(em(), "select id from outbox order by id", [])).toEqual([{ id: "3" }, { id: "4" }]);
  });
});

/** Far from the days for which timers that run by the machine's clock make partitions. */
const NOW_MS = Date.parse("2190-11-28T09:00:00.000Z");
const END_OTHER_CONNECTIONS = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

const OUTBOX = `insert into outbox (id, source_partition, topic, kind, message_key, payload, created_at)
  overriding system value values ($1, 0, 'parked', 'parked', 'k', '{}', $2)`;

function start(settings: Partial<TimersSettings> = {}) {
  const published: OutgoingMessage[] = [];
  const timers = createTimers({
    database: database(),
    publisher: { publishAll: async (messages) => void published.push(...messages) },
    intervalMs: 20,
    heldResultHours: 24,
    retention: RETENTION,
    commandTopic: "m2m.user-commands",
    metrics: createMetrics("test"),
    clock: systemClock,
    log: silentLog,
    ...settings,
  });
  running.push(timers);
  void timers.start();
  return { timers, published };
}

function overdue(reverifyBy: string): Verification {
  const verified = { attemptId: "cip_acme_1", verifiedAt: "2026-02-01T10:00:00.000Z", policy: "basic@1" };
  return { ...verified, current: false, reverifyBy, change: "material", changedPaths: ["dob"] };
}

let heldResults = 0;

function heldSince(heldAt: string): HeldResult {
  heldResults += 1;
  return {
    heldResultId: `held_acme_${String(heldResults).padStart(12, "0")}`,
    heldAt,
    held: {
      kind: "cip_result",
      attemptId: "cip_acme_unknown00000",
      result: {
        ...{ provider: "p", providerEventId: `e${heldResults}`, outcome: "verified", revision: null, reasons: [] },
        ...{ isFinal: false, missingFields: [], occurredAt: heldAt },
      },
    },
  };
}

function decision(name: string, decidedAt: string) {
  return {
    ...{ command_id: `cmd_acme_${name}`, partner: "acme", environment: "test", reference_id: "r" },
    ...{ command_type: "ExpireLink", outcome: "applied", answer: { kind: "done" }, refusal: null },
    decided_at: decidedAt,
  };
}

function idempotency(key: string, createdAt: string) {
  return {
    ...{ partner: "acme", environment: "test", method: "POST", path: "/x", key, body_hash: "h" },
    ...{ command_id: null, status: null, sealed_response: null, created_at: createdAt },
  };
}
