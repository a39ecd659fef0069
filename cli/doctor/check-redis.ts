import { once } from "node:events";
import { createLog } from "../../runtime/log.ts";
import { createRedis } from "../../storage/redis.ts";
import { down, type Finding, fine } from "./finding.ts";

const LIMIT_MS = 5_000;

/** Whether Redis answers. */
export async function checkRedis(url: string): Promise<readonly Finding[]> {
  const log = createLog({ level: "silent", component: "doctor" });
  const redis = createRedis({ url, timeoutMs: LIMIT_MS, name: "m2m-doctor", log });
  try {
    // An error comes before it gives up: it says more than "no answer in time".
    await once(redis, "ready", { signal: AbortSignal.timeout(LIMIT_MS) });
    await redis.ping();
    return [fine("Redis", "answers")];
  } catch (error) {
    const wayOut = "Start it, and see whether --redis-url (REDIS_URL) is right; until then all is correct, but slower";
    return [down("Redis", error, wayOut)];
  } finally {
    redis.disconnect();
  }
}
