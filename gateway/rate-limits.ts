import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

export interface RateLimitSettings {
  /** Null: every process counts for itself, as it does while Redis is away. */
  readonly redis: Redis | null;
  readonly prefix: string;
}

/** What is left of a minute. */
export interface RateLimitCount {
  readonly isExceeded: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Counts one request under `key`; `limit` is what is allowed per minute. */
export type CountRequest = (key: string, limit: number) => Promise<RateLimitCount>;

const MINUTE_SECONDS = 60;

/** Counts requests per minute in Redis, for all processes together; while Redis is away each process counts its own. */
export function createRateLimits({ redis, prefix }: RateLimitSettings): CountRequest {
  const own = new Map<number, RateLimiterMemory | RateLimiterRedis>();
  const limiterFor = (points: number) => {
    const existing = own.get(points);
    if (existing) return existing;
    const settings = { points, duration: MINUTE_SECONDS, keyPrefix: `${prefix}limit` };
    const inProcess = new RateLimiterMemory(settings);
    const limiter = redis
      ? new RateLimiterRedis({
          ...settings,
          storeClient: redis,
          insuranceLimiter: inProcess,
          rejectIfRedisNotReady: true,
        })
      : inProcess;
    own.set(points, limiter);
    return limiter;
  };
  return async (key, limit) => {
    const { isExceeded, result } = await consume(limiterFor(limit), key);
    const resetSeconds = Math.max(1, Math.ceil(result.msBeforeNext / 1_000));
    return { isExceeded, limit, remaining: Math.max(0, result.remainingPoints), resetSeconds };
  };
}

/** The limiter rejects with a result when a limit is exceeded, and with an Error when something is wrong. */
async function consume(limiter: RateLimiterMemory | RateLimiterRedis, key: string) {
  try {
    return { isExceeded: false, result: await limiter.consume(key) };
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return { isExceeded: true, result: thrown };
    throw thrown;
  }
}
