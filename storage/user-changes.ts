import type { Redis } from "ioredis";
import { listenTo } from "./listen-to.ts";

export interface UserChangesPlace {
  readonly redis: Redis;
  /** Put before the channel. */
  readonly prefix: string;
}

export interface UserChangeSender {
  /**
   * Hints which users (`partner/environment/referenceId`) have changed, in one call. Never throws: whoever misses a hint
   * looks by itself a little later.
   */
  readonly send: (keys: readonly string[]) => Promise<void>;
}

/** The writer's side: call it after the commit, never before. */
export function createUserChangeSender({ redis, prefix }: UserChangesPlace): UserChangeSender {
  return {
    send: async (keys) => {
      if (keys.length === 0) return;
      await redis.publish(channelOf(prefix), JSON.stringify([...new Set(keys)])).catch(() => 0);
    },
  };
}

/** Hears the hints as soon as Redis is there, again after every outage, until `redis`, a connection of its own, is ended. */
export function listenForUserChanges({
  redis,
  prefix,
  hear,
}: UserChangesPlace & { readonly hear: (keys: readonly string[]) => void }): void {
  listenTo(redis, channelOf(prefix), { hear: (message) => hear(keysIn(message)) });
}

/** What is not ours must not end a gateway: it was only a hint. */
function keysIn(message: string): readonly string[] {
  try {
    const keys: unknown = JSON.parse(message);
    return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}

function channelOf(prefix: string): string {
  return `${prefix}user-changes`;
}
