import type { Redis } from "ioredis";
import { listenTo } from "../listen-to.ts";

export interface KeyChanges {
  readonly redis: Redis;
  /** Put before every channel. */
  readonly prefix: string;
}

/**
 * Tells every gateway to forget what it remembers of keys and partners. Call it after a revocation, suspension or
 * change of settings is committed; never throws: without Redis the gateways forget by themselves within a second.
 */
export async function announceKeyChange({ redis, prefix }: KeyChanges): Promise<void> {
  await redis.publish(channelOf(prefix), "changed").catch(() => 0);
}

/**
 * Calls `forget` whenever keys or partners changed, and whenever listening begins again after an outage, in which an
 * announcement may have been missed. `redis` must be a connection of its own; ending it ends the listening.
 */
export function listenForKeyChanges({ redis, prefix, forget }: KeyChanges & { readonly forget: () => void }): void {
  listenTo(redis, channelOf(prefix), { hear: forget, onListening: forget });
}

function channelOf(prefix: string): string {
  return `${prefix}key-changes`;
}
