import { Redis } from "ioredis";
import type { Log } from "../runtime/log.ts";

export interface RedisSettings {
  readonly url: string;
  /** Longest wait for an answer; a command that takes longer is given up and never sent again. */
  readonly timeoutMs: number;
  /** What this connection is called in CLIENT LIST. */
  readonly name: string;
  readonly log: Log;
}

const CONNECT_TIMEOUT_MS = 2_000;
const FIRST_RETRY_MS = 50;
const SLOWEST_RETRY_MS = 1_000;
/** A connection that leaves a command unanswered for so long is taken for dead and made anew. */
const DEAD_AFTER_MS = 3_000;

/**
 * A connection to Redis, which may be away at any time: then commands fail at once instead of waiting in a queue, and
 * it is tried again for ever, soon. Logs one line when Redis goes and one when it is back. End it with `disconnect()`.
 */
export function createRedis({ url, timeoutMs, name, log }: RedisSettings): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What many requests ask within one turn goes out in one write.
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: DEAD_AFTER_MS,
    retryStrategy: (times) => Math.min(FIRST_RETRY_MS * 2 ** Math.min(times, 10), SLOWEST_RETRY_MS),
  });
  limitAnswers(redis, timeoutMs);
  let isAway = false;
  redis.on("error", (error: Error) => {
    if (!isAway) log.warn({ error, connection: name }, "Redis is away; going on without it");
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) log.info({ connection: name }, "Redis is back");
    isAway = false;
  });
  return redis;
}

/** The limit is for commands: greeting a Redis that is far away or busy may take longer, or it would never be used. */
function limitAnswers(redis: Redis, timeoutMs: number): void {
  redis.on("ready", () => {
    redis.options.commandTimeout = timeoutMs;
  });
  redis.on("close", () => {
    redis.options.commandTimeout = undefined;
  });
}
