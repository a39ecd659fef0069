import type { UserState } from "../../domain/user/user.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Metrics } from "../../runtime/metrics.ts";

export interface UserGaugeSettings {
  readonly metrics: Pick<Metrics, "users" | "beforeScrape">;
  readonly count: () => Promise<ReadonlyMap<UserState, number>>;
  readonly clock: Clock;
}

/** Counting reads every user: often enough for a graph, seldom enough for a large table. */
const COUNTED_EVERY_MS = 60_000;

/** Shows how many users are in each state; the count is at most a minute old. */
export function gaugeUsers({ metrics, count, clock }: UserGaugeSettings): void {
  let counted: { readonly at: number; readonly users: ReadonlyMap<UserState, number> } | undefined;
  metrics.beforeScrape({
    name: "users",
    gauges: [metrics.users],
    read: async () => {
      if (counted === undefined || clock() - counted.at > COUNTED_EVERY_MS) {
        counted = { at: clock(), users: await count() };
      }
      for (const [state, users] of counted.users) metrics.users.set({ state }, users);
    },
  });
}
