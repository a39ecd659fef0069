import type { Redis } from "ioredis";
import { addressKey } from "../domain/user/address-key.ts";
import type { UserAddress } from "../domain/user/user.ts";
import { type TimeLimit, withinTime } from "./within-time.ts";

export interface LockSettings {
  readonly redis: Pick<Redis, "eval">;
  /** Put before every key. */
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly metrics: { readonly lockSkipped: TimeLimit["skipped"] };
}

export interface LockedLink {
  readonly address: UserAddress;
  readonly linkId: string;
}

/** A link that is about to stand in a user's way of a second one; the lock ends by itself at `expiresAt` (ISO 8601). */
export interface ExpiringLink extends LockedLink {
  readonly expiresAt: string;
}

export type Taken =
  | { readonly held: true }
  | { readonly held: false; readonly by: string }
  /** Redis did not answer: go on, the database has the last word. */
  | { readonly held: "unknown" };

/**
 * The writer's side of the lock `active-link:{partner}/{environment}/{referenceId}` = linkId (design.md section 4). It
 * saves work and is never the truth. Every call is one round trip, takes at most the time limit and never throws.
 */
export interface ActiveLinkLock {
  /** Takes the locks that nobody holds, by linkId; one's own lock is taken again, with the new expiry. */
  readonly take: (links: readonly ExpiringLink[]) => Promise<ReadonlyMap<string, Taken>>;
  /** The same, also from a holder that the loaded rows showed to be stale, if that one still holds it. */
  readonly replaceStale: (
    links: readonly (ExpiringLink & { readonly staleHolder: string })[],
  ) => Promise<ReadonlyMap<string, Taken>>;
  /** A committed link holds its lock until it is freed (C8). */
  readonly removeExpiry: (links: readonly LockedLink[]) => Promise<void>;
  /** A link whose commit was released expires again (C9). */
  readonly restoreExpiry: (links: readonly ExpiringLink[]) => Promise<void>;
  /** Gives locks back; one that another link holds by now is left alone. */
  readonly free: (links: readonly LockedLink[]) => Promise<void>;
}

interface Step extends LockedLink {
  readonly expiresAt?: string;
  readonly staleHolder?: string;
}

/** The writer's side of the lock. */
export function createActiveLinkLock({ redis, prefix, timeoutMs, metrics }: LockSettings): ActiveLinkLock {
  const limit = { timeoutMs, skipped: metrics.lockSkipped };
  const run = async (lua: string, steps: readonly Step[]): Promise<readonly string[]> => {
    if (steps.length === 0) return [];
    const keys = steps.map(({ address }) => activeLinkKey(prefix, address));
    const holders = await withinTime(
      () => redis.eval(lua, keys.length, ...keys, ...steps.flatMap(stepArguments)),
      limit,
    );
    return (holders ?? []) as readonly string[];
  };
  const taking = (lua: string) => async (steps: readonly Step[]) => {
    const holders = await run(lua, steps);
    return new Map(steps.map(({ linkId }, index) => [linkId, takenBy(linkId, holders[index])]));
  };
  const changing = (lua: string) => async (steps: readonly Step[]) => {
    await run(lua, steps);
  };
  return {
    take: taking(TAKE),
    replaceStale: taking(REPLACE_STALE),
    removeExpiry: changing(REMOVE_EXPIRY),
    restoreExpiry: changing(RESTORE_EXPIRY),
    free: changing(FREE),
  };
}

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

function stepArguments({ linkId, expiresAt, staleHolder }: Step): string[] {
  return [linkId, expiresAt === undefined ? "" : String(Date.parse(expiresAt)), staleHolder ?? ""];
}

function takenBy(linkId: string, holder: string | undefined): Taken {
  if (holder === undefined) return { held: "unknown" };
  return holder === linkId ? { held: true } : { held: false, by: holder };
}

/** Does something for every key, given who holds it, and answers who holds each afterwards; Redis runs it whole. */
const forEveryKey = (step: string) => `
local holders = {}
for i, key in ipairs(KEYS) do
  local link, expiresAt, staleHolder = ARGV[i * 3 - 2], ARGV[i * 3 - 1], ARGV[i * 3]
  local holder = redis.call('get', key) or ''
  ${step}
  holders[i] = holder
end
return holders`;

const SET = "redis.call('set', key, link) redis.call('pexpireat', key, expiresAt) holder = link";
const TAKE = forEveryKey(`if holder == '' or holder == link then ${SET} end`);
const REPLACE_STALE = forEveryKey(`if holder == '' or holder == link or holder == staleHolder then ${SET} end`);
const REMOVE_EXPIRY = forEveryKey("if holder == '' or holder == link then redis.call('set', key, link) end");
const RESTORE_EXPIRY = forEveryKey("if holder == link then redis.call('pexpireat', key, expiresAt) end");
const FREE = forEveryKey("if holder == link then redis.call('del', key) end");

/** Where Redis keeps which link stands in a user's way of a second one. */
function activeLinkKey(prefix: string, address: UserAddress): string {
  return `${prefix}active-link:${addressKey(address)}`;
}
