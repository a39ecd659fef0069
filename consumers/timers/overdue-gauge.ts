import type { Clock } from "../../runtime/clock.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { OverdueCounts } from "../../storage/queries/overdue-counts.ts";

export interface OverdueGaugeSettings {
  readonly metrics: Pick<Metrics, "overdue" | "contradictions" | "beforeScrape">;
  readonly count: (now: string) => Promise<OverdueCounts>;
  readonly clock: Clock;
}

/**
 * B9, J4, J6: shows how many checks and transfers are overdue, and how many transfers wait for an operator because two
 * outcomes were reported. Shown only: nothing is ever failed or resolved because of its age.
 */
export function gaugeOverdue({ metrics, count, clock }: OverdueGaugeSettings): void {
  metrics.beforeScrape({
    name: "overdue",
    gauges: [metrics.overdue, metrics.contradictions],
    read: async () => {
      const { cipAttempts, operations, contradictions } = await count(new Date(clock()).toISOString());
      metrics.overdue.set({ kind: "cip_attempt" }, cipAttempts);
      metrics.overdue.set({ kind: "operation" }, operations);
      metrics.contradictions.set({}, contradictions);
    },
  });
}
