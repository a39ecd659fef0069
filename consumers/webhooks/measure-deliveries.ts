import type { Metrics } from "../../runtime/metrics.ts";
import type { ClaimedDelivery } from "../../storage/claimed-delivery.ts";
import type { AttemptResult } from "../../storage/delivery-store.ts";
import type { Recorded } from "./record-results.ts";

/** What is told of deliveries as they go along. */
export interface DeliveryMeasures {
  readonly claimed: (delivery: Pick<ClaimedDelivery, "isTakenOver">) => void;
  readonly recorded: (
    delivery: Pick<ClaimedDelivery, "acceptedAtMs" | "number">,
    result: Pick<AttemptResult, "startedAtMs" | "next">,
    recorded: Recorded,
  ) => void;
}

type Instruments = Pick<Metrics, "firstAttemptLatency" | "deliveredLatency" | "leaseExpiries" | "duplicateDeliveries">;

/**
 * Tells the metrics how long deliveries took, from the moment their event became one, and how many may have been, or
 * were, sent twice. What another worker has done since is not told as ours.
 */
export function createDeliveryMeasures(metrics: Instruments): DeliveryMeasures {
  return {
    claimed: ({ isTakenOver }) => {
      if (isTakenOver) metrics.leaseExpiries.inc();
    },
    recorded: ({ acceptedAtMs, number }, { startedAtMs, next }, recorded) => {
      if (recorded === "late") metrics.duplicateDeliveries.inc();
      if (recorded !== "counted") return;
      if (number === 1) metrics.firstAttemptLatency.observe(secondsBetween(acceptedAtMs, startedAtMs));
      if (next.kind === "delivered") metrics.deliveredLatency.observe(secondsBetween(acceptedAtMs, next.atMs));
    },
  };
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / 1_000;
}
