import type { Redis } from "ioredis";
import type { UserAddress } from "../domain/user/user.ts";
import { activeLinkKey } from "./active-link-key.ts";
import { type TimeLimit, withinTime } from "./within-time.ts";

export interface ReaderSettings {
  readonly redis: Pick<Redis, "get">;
  /** Put before every key. */
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly metrics: { readonly lockSkipped: TimeLimit["skipped"] };
}

/** The gateway's side of the active-link lock. */
export interface ActiveLinkReader {
  /** The link that holds the lock, null when none does, "unknown" when Redis does not answer in time. Never throws. */
  readonly read: (address: UserAddress) => Promise<string | null | "unknown">;
}

/** Reads the lock; what it says is a hint that a row of Postgres has to confirm (design.md section 4). */
export function createActiveLinkReader({ redis, prefix, timeoutMs, metrics }: ReaderSettings): ActiveLinkReader {
  const limit = { timeoutMs, skipped: metrics.lockSkipped };
  return {
    read: async (address) => {
      const answer = await withinTime(async () => ({ holder: await redis.get(activeLinkKey(prefix, address)) }), limit);
      return answer === null ? "unknown" : answer.holder;
    },
  };
}
