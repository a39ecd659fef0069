import { randomUUID } from "node:crypto";
import { type EntityManager, MikroORM } from "@mikro-orm/postgresql";
import type { Log } from "../runtime/log.ts";
import { ENTITIES } from "./entities.ts";
import { releaseLostConnections, type Pool as WatchedPool } from "./lost-connections.ts";
import { type Connection as PreparingConnection, prepareStatements } from "./prepared-statements.ts";
import { type Connection as WritingConnection, writeTogether } from "./write-together.ts";

/** How one process uses Postgres. Times in milliseconds; the server enforces them, so a stuck client cannot. */
export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  /** What this process is called in pg_stat_activity. */
  readonly applicationName: string;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** Whether statements that come again are planned once for many uses; true when left out. */
  readonly isPreparing?: boolean;
  readonly log: Log;
}

/** The Postgres of one process. */
export interface Database {
  readonly orm: MikroORM;
  /** A fresh unit of work: never share one between requests or batches. */
  readonly em: () => EntityManager;
  /** Resolves when Postgres answers; rejects with the driver's error when it does not. */
  readonly check: () => Promise<void>;
  /** Waits for running statements, then closes every connection. */
  readonly close: () => Promise<void>;
}

/** How long to try to reach Postgres before a caller hears that it is away. */
const CONNECT_TIMEOUT_MS = 5_000;
/** When a silent connection is asked whether it still lives, so that a half-open one does not stay for hours. */
const KEEPALIVE_DELAY_MS = 10_000;

/** How much longer than the server's own limit a client waits for an answer before it takes the network for dead. */
const ANSWER_MARGIN_MS = 3_000;

/**
 * The pool of a process. Connects when first used, so that a process starts while Postgres is away. Statements are
 * never logged: MikroORM writes values into them. The context has a name of its own, or MikroORM would carry a
 * transaction of one database into another that is used within it.
 */
export async function createDatabase(settings: DatabaseSettings): Promise<Database> {
  const orm = await MikroORM.init({
    clientUrl: settings.url,
    contextName: randomUUID(),
    entities: ENTITIES,
    debug: false,
    colors: false,
    ensureDatabase: false,
    pool: { min: 0, max: settings.poolSize },
    driverOptions: connectionOptions(settings),
  });
  const em = () => orm.em.fork();
  return {
    orm,
    em,
    check: async () => {
      await em().execute("select 1");
    },
    close: () => orm.close(),
  };
}

function connectionOptions(settings: DatabaseSettings) {
  return {
    application_name: settings.applicationName,
    keepAlive: true,
    // Statements are sent as they come, not each after the answer to the one before: see runTogether.
    pipeline: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A plan that was made once, while tables were empty, would walk the whole of them when they are full.
    options: "-c plan_cache_mode=force_custom_plan",
    lock_timeout: settings.lockTimeoutMs,
    idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.statementTimeoutMs + ANSWER_MARGIN_MS,
    onPoolCreated: (pool: Pool) => {
      // A server that goes away ends idle connections with an event; unheard, it would end the process.
      pool.on("error", (error) => settings.log.warn({ error }, "An idle connection to Postgres ended"));
      // One that is given back while its statement is unanswered would make the next user wait behind that.
      pool.on("release", (_error, connection) => connection.readyForQuery || void connection.end());
      releaseLostConnections(pool);
      pool.on("connect", writeTogether);
      if (settings.isPreparing !== false) pool.on("connect", prepareStatements);
    },
  };
}

/** What is used here of `pg`'s pool. */
interface Pool extends WatchedPool {
  on(event: "acquire", listener: Parameters<WatchedPool["on"]>[1]): unknown;
  on(event: "connect", listener: (connection: PreparingConnection & WritingConnection) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "release", listener: (error: unknown, connection: Connection) => void): void;
}

interface Connection {
  readonly readyForQuery: boolean;
  readonly end: () => Promise<void>;
}
