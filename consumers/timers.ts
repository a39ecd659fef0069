import { setTimeout as wait } from "node:timers/promises";
import type { Publisher } from "../messaging/publisher.ts";
import type { RunningConsumer } from "../messaging/run-consumer.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { createQuietLog } from "../runtime/quiet-log.ts";
import type { Database } from "../storage/orm.ts";
import { findHeldResultsToPark, findLinksToExpire } from "../storage/queries/due.ts";
import { findReverificationsDue } from "../storage/queries/reverifications-due.ts";
import { keepAttemptDays } from "./timers/attempt-days.ts";
import {
  ASK_AGAIN_AFTER_MS,
  expireLinkCommand,
  parkHeldResultCommand,
  reverificationDueCommand,
} from "./timers/due-commands.ts";
import { keepHouse, type Retention } from "./timers/housekeeping.ts";
import { MOST_DUE_PER_ROUND, publishDue } from "./timers/publish-due.ts";
import { createRecentlyPublished } from "./timers/recently-published.ts";
import { type Turn, takeTurn } from "./timers/turn.ts";

export interface TimersSettings {
  readonly database: Pick<Database, "em">;
  readonly publisher: Pick<Publisher, "publishAll">;
  /** How often to look for what is due. */
  readonly intervalMs: number;
  readonly heldResultHours: number;
  readonly retention: Retention;
  /** The command topic as Kafka has it. */
  readonly commandTopic: string;
  readonly metrics: Pick<Metrics, "housekeeping" | "attemptDaysMissing">;
  readonly clock: Clock;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
/** The writer's clock may be a little behind; asked too early, it would say that nothing is due. */
const CLOCK_MARGIN_MS = 1_000;
const HOUSEKEEPING_EVERY_MS = 60_000;
/** The turn is lost when nothing is said for longer than Postgres lets a transaction idle. */
const SAY_ALIVE_EVERY_MS = 3_000;
const AFTER_ERROR_MS = 1_000;

/**
 * Finds what is due in time (G7: links to expire, results held too long, identity checks to be repeated) and publishes commands about it; never writes a
 * user. Of all processes that run it one is active at a time, the others wait for its turn to end. Also deletes what is
 * too old to be of use.
 */
export function createTimers(settings: TimersSettings): RunningConsumer {
  const { database, clock, intervalMs } = settings;
  const log = settings.log.child({ consumer: "timers" });
  const quiet = createQuietLog(log, clock);
  const stopping = new AbortController();
  const { signal } = stopping;
  const rounds = createRounds({ ...settings, log }, signal);
  let lastLookAt: number | undefined;
  let living: Promise<void> | undefined;

  // Ended early by stop(): the loops' conditions see it.
  const rest = (delayMs: number) => wait(delayMs, undefined, { signal }).catch(() => undefined);
  const restInTurn = async (turn: Turn) => {
    for (let left = intervalMs; left > 0 && !signal.aborted; left -= SAY_ALIVE_EVERY_MS) {
      await rest(Math.min(SAY_ALIVE_EVERY_MS, left));
      if (!(await turn.isOurs())) return;
    }
  };
  const act = async (turn: Turn) => {
    log.info("these timers are the active ones");
    while (!signal.aborted && (await turn.isOurs())) {
      await rounds.next(turn);
      lastLookAt = clock();
      await restInTurn(turn);
    }
  };
  const live = async () => {
    while (!signal.aborted) {
      try {
        const hadTurn = await takeTurn(database.em(), "m2m timers", act);
        lastLookAt = clock();
        if (!hadTurn) await rest(intervalMs);
      } catch (error) {
        quiet.warn({ error }, "timers were interrupted; beginning again");
        await rest(AFTER_ERROR_MS);
      }
    }
  };

  return {
    name: "timers",
    start: async () => {
      living ??= live();
    },
    stop: async () => {
      stopping.abort();
      await living;
    },
    checks: {
      "timers looking": () => {
        const ageMs = clock() - (lastLookAt ?? Number.NEGATIVE_INFINITY);
        const isFresh = ageMs <= Math.max(30_000, 3 * intervalMs);
        return isFresh ? { ok: true } : { ok: false, detail: "have not looked for what is due lately" };
      },
    },
  };
}

function createRounds(settings: TimersSettings, signal: AbortSignal) {
  const { database, publisher, clock, log, heldResultHours } = settings;
  const recent = createRecentlyPublished(clock, { forMs: ASK_AGAIN_AFTER_MS, most: 2 * MOST_DUE_PER_ROUND });
  const heldForMs = heldResultHours * HOUR_MS;
  const keepHouseSometimes = createHousekeeping(settings);

  return {
    next: async (turn: Turn): Promise<void> => {
      const nowMs = clock();
      const isOurTurn = async () => !signal.aborted && (await turn.isOurs());
      const both = { publisher, recent, isOurTurn };
      const links = await publishDue({
        ...both,
        until: new Date(nowMs - CLOCK_MARGIN_MS).toISOString(),
        find: (search) => findLinksToExpire(database.em(), search),
        toCommand: (due) => expireLinkCommand(due, nowMs),
      });
      const heldResults = await publishDue({
        ...both,
        until: new Date(nowMs - heldForMs).toISOString(),
        find: (search) => findHeldResultsToPark(database.em(), search),
        toCommand: (due) => parkHeldResultCommand(due, nowMs, heldForMs),
      });
      const reverifications = await publishDue({
        ...both,
        until: new Date(nowMs - CLOCK_MARGIN_MS).toISOString(),
        find: (search) => findReverificationsDue(database.em(), search),
        toCommand: (due) => reverificationDueCommand(due, nowMs),
      });
      const published = { links, heldResults, reverifications };
      if (links + heldResults + reverifications > 0) log.info(published, "published what is due");
      await keepHouseSometimes(nowMs, isOurTurn);
    },
  };
}

/** Housekeeping once a minute; deletion goes on sooner while there is more than one round deletes. */
function createHousekeeping({ database, log, metrics, retention, commandTopic }: TimersSettings) {
  const { em } = database;
  let nextDaysAt = Number.NEGATIVE_INFINITY;
  let nextDeletionAt = Number.NEGATIVE_INFINITY;

  const keepDays = async (nowMs: number, mayGoOn: () => Promise<boolean>) => {
    const given = { em, nowMs, mayGoOn, retentionDays: retention.attemptDays };
    const { made, dropped, missing, failed } = await keepAttemptDays(given);
    metrics.attemptDaysMissing.set(missing);
    metrics.housekeeping.inc({ what: "attempt days" }, dropped);
    if (made + dropped > 0) log.info({ made, dropped }, "made days of attempts, and dropped what is too old");
    const [error] = failed.values();
    if (error !== undefined) log.warn({ error, days: [...failed.keys()] }, "days of attempts wait for the next time");
  };
  return async (nowMs: number, mayGoOn: () => Promise<boolean>): Promise<void> => {
    if (nowMs >= nextDaysAt) {
      nextDaysAt = nowMs + HOUSEKEEPING_EVERY_MS;
      await keepDays(nowMs, mayGoOn);
    }
    if (nowMs < nextDeletionAt) return;
    const { deleted, isDone } = await keepHouse({ em, nowMs, mayGoOn, retention, commandTopic });
    nextDeletionAt = isDone ? nowMs + HOUSEKEEPING_EVERY_MS : nowMs;
    for (const [what, count] of Object.entries(deleted)) metrics.housekeeping.inc({ what }, count);
    if (Object.values(deleted).some((count) => count > 0)) log.info(deleted, "deleted what is too old");
  };
}
