import { commands } from "./bars/commands.ts";
import { flush } from "./bars/flush.ts";
import { isolation } from "./bars/isolation.ts";
import { kills } from "./bars/kills.ts";
import { latency } from "./bars/latency.ts";
import { order } from "./bars/order.ts";
import { outage } from "./bars/outage.ts";
import { preloaded } from "./bars/preloaded.ts";
import { proofs } from "./bars/proofs.ts";
import { replay } from "./bars/replay.ts";
import { fanOut, saturation } from "./bars/saturation.ts";
import { storesAway } from "./bars/stores-away.ts";
import type { WebhookBenchmark } from "./webhook-benchmark.ts";

/** Every benchmark of the delivery engine, in the order in which they run. */
export const WEBHOOK_BENCHMARKS: readonly WebhookBenchmark[] = [
  latency,
  commands,
  saturation,
  fanOut,
  isolation,
  preloaded,
  outage,
  order,
  replay,
  flush,
  kills,
  storesAway,
  proofs,
];
