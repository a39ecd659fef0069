import { createWebhooks } from "../webhooks/create-webhooks.ts";
import type { Consumer, Shared } from "./shared.ts";
import { wireUsers } from "./users.ts";

/** Every consumer by name. */
export const CONSUMERS = {
  users: wireUsers,
  webhooks: createWebhooks,
} as const satisfies Readonly<Record<string, (shared: Shared) => Consumer>>;

export type ConsumerName = keyof typeof CONSUMERS;

/**
 * The consumers to start: the named ones, or all; the sandbox only where ENABLE_SANDBOX says so.
 * @throws Error naming what is unknown, or why the sandbox may not start.
 */
export function chosenConsumers(names: readonly string[]): readonly ConsumerName[] {
  const known = Object.keys(CONSUMERS) as ConsumerName[];
  const unknown = names.filter((name) => !known.some((candidate) => candidate === name));
  if (unknown.length > 0) throw new Error(`Unknown consumer: ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  return names.length === 0 ? known : known.filter((name) => names.includes(name));
}
