import { setTimeout as wait } from "node:timers/promises";
import type { EntityManager } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { backoffDelayMs } from "../runtime/backoff.ts";
import { runSql } from "./sql.ts";

const CHANNEL = "m2m_deliveries_due";

/** Says, once the transaction is committed, that something was made due for the webhooks consumers. */
export async function tellDue(unit: EntityManager): Promise<void> {
  await runSql(unit, "select pg_notify($1, '')", [CHANNEL]);
}

export interface DueHintsSettings {
  readonly databaseUrl: string;
  /** Something may be due. Also called when listening begins: what was said before that is lost. */
  readonly onHint: () => void;
  readonly random: () => number;
}

/** Listens for what others have made due. Only a hint: who polls misses nothing while it is deaf. */
export interface DueHints {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

const BACKOFF = { firstMs: 200, capMs: 5_000 };
const CONNECT_TIMEOUT_MS = 5_000;

/** Over a connection that does nothing else; a new one is made whenever it ends, at growing distances up to 5 s. */
export function createDueHints({ databaseUrl, onHint, random }: DueHintsSettings): DueHints {
  const stopping = new AbortController();
  let end = async (): Promise<void> => undefined;
  let running: Promise<void> | null = null;

  const listenOnce = async (): Promise<void> => {
    const client = new Client({
      ...{ connectionString: databaseUrl, application_name: "m2m-due-hints" },
      ...{ keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
    });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    client.on("error", () => resolve());
    client.on("end", resolve);
    client.on("notification", onHint);
    end = () => client.end();
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      onHint();
      if (!stopping.signal.aborted) await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const startedAtMs = performance.now();
      // Whoever polls says that Postgres is away.
      await listenOnce().catch(() => undefined);
      failures = performance.now() - startedAtMs > BACKOFF.capMs ? 1 : failures + 1;
      const delayMs = backoffDelayMs(BACKOFF, failures, random);
      await wait(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      await end().catch(() => undefined);
      await running;
    },
  };
}
