import { createWebhooks } from "../webhooks/create-webhooks.ts";
import type { Consumer, Shared } from "./shared.ts";
import { wireCipResults, wireOperationUpdates, wireParked, wireSandbox, wireTimers } from "./small-consumers.ts";
import { wireUsers } from "./users.ts";

/** Every consumer by name. */
export const CONSUMERS = {
  users: wireUsers,
  "cip-results": wireCipResults,
  "operation-updates": wireOperationUpdates,
  timers: wireTimers,
  webhooks: createWebhooks,
  parked: wireParked,
  sandbox: wireSandbox,
} as const satisfies Readonly<Record<string, (shared: Shared) => Consumer>>;

export type ConsumerName = keyof typeof CONSUMERS;

/**
 * The consumers to start: the named ones, or all of them; the sandbox plays systems that move money and is only for
 * where ENABLE_SANDBOX says so.
 * @throws Error naming what is unknown, or saying that the sandbox is not enabled here.
 */
export function chosenConsumers(
  names: readonly string[],
  { enableSandbox }: { readonly enableSandbox: boolean },
): readonly ConsumerName[] {
  const known = Object.keys(CONSUMERS) as ConsumerName[];
  const unknown = names.filter((name) => !known.some((candidate) => candidate === name));
  if (unknown.length > 0) throw new Error(`Unknown consumer: ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  if (names.includes("sandbox") && !enableSandbox) {
    throw new Error("The sandbox is not enabled here: it plays the CIP and payment systems (ENABLE_SANDBOX)");
  }
  const possible = known.filter((name) => name !== "sandbox" || enableSandbox);
  return names.length === 0 ? possible : possible.filter((name) => names.includes(name));
}
