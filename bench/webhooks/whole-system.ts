import { createLinkClient, type LinkClient } from "./links.ts";
import type { Services } from "./own-stack.ts";
import { type BenchStage, openStage } from "./stage.ts";
import type { Supervised } from "./supervise.ts";

/** Gateway and consumers under a supervisor, and a partner whose links' webhooks go to the receiver. */
export interface WholeSystem extends BenchStage {
  readonly gateway: Supervised;
  readonly worker: Supervised;
  readonly links: LinkClient;
  readonly path: string;
  /** Waits until the receiver has taken every one of these; gives those that it has not after `withinMs`. */
  readonly missing: (ids: readonly string[], withinMs: number) => Promise<readonly string[]>;
}

const PARTNER = "whole";
const PATH = "/whole";
const RETRY_AFTER_MS = 1_000;
const RETRIES = 30;

/** What makes faults short: sessions, leases and time limits; the order between them is the product's own. */
export const SHORT_LIMITS = {
  LOG_LEVEL: "warn",
  WEBHOOK_TIMEOUT_MS: "1000",
  SESSION_TIMEOUT_MS: "6000",
  REBALANCE_TIMEOUT_MS: "6000",
  HEARTBEAT_INTERVAL_MS: "1000",
  LOCK_TIMEOUT_MS: "4000",
  STATEMENT_TIMEOUT_MS: "4000",
  IDLE_IN_TRANSACTION_TIMEOUT_MS: "4000",
};

/** Starts it on these services and waits until it is ready. */
export async function startWholeSystem(services: Services): Promise<WholeSystem> {
  const stage = await openStage(services);
  await stage.addPartner(PARTNER);
  const apiKey = await stage.addKey(PARTNER);
  const schedule = Array<number>(RETRIES).fill(RETRY_AFTER_MS);
  await stage.addEndpoint(PARTNER, { path: PATH, events: ["link.created"], schedule });
  const gateway = await stage.supervise(["gateway/main.ts"], SHORT_LIMITS);
  const worker = await stage.supervise(["consumers/main.ts", "users", "webhooks"], SHORT_LIMITS);
  await Promise.all([gateway.ready(), worker.ready()]);
  const missing = async (ids: readonly string[], withinMs: number) => {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const taken = await stage.receiver.taken(PATH);
      const absent = ids.filter((id) => !taken.has(id));
      if (absent.length === 0 || Date.now() > deadline) return absent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return { ...stage, gateway, worker, links: createLinkClient(gateway.url, apiKey), path: PATH, missing };
}
