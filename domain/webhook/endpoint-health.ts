/** An endpoint's streak of failures: nothing was delivered since it began. */
export interface FailingStreak {
  readonly sinceMs: number;
  /** How many different deliveries failed in it. */
  readonly failedDeliveries: number;
  /** How far towards being disabled its partner was told of: 0, or one of WARNING_PERCENTS. */
  readonly warnedPercent: number;
}

/** Both must be reached: a busy endpoint is not disabled within minutes, a quiet one not because of one event. */
export interface DisableLimits {
  readonly afterMs: number;
  readonly deliveries: number;
}

/** When a partner is warned, in parts of the time after which its endpoint is disabled; the largest first. */
export const WARNING_PERCENTS = [90, 70, 50] as const;

export type WarningPercent = (typeof WARNING_PERCENTS)[number];

export type HealthStep =
  | { readonly kind: "none" }
  | { readonly kind: "warn"; readonly percent: WarningPercent }
  | { readonly kind: "disable" };

/**
 * What follows from a streak (webhooks.md 2.13): the endpoint is disabled once the streak is old enough and enough
 * different deliveries failed in it; before, each warning is given once, and of several that are due the latest.
 */
export function nextHealthStep(streak: FailingStreak, nowMs: number, limits: DisableLimits): HealthStep {
  const ageMs = nowMs - streak.sinceMs;
  if (ageMs >= limits.afterMs && streak.failedDeliveries >= limits.deliveries) return { kind: "disable" };
  const due = WARNING_PERCENTS.find((percent) => ageMs * 100 >= limits.afterMs * percent);
  return due !== undefined && due > streak.warnedPercent ? { kind: "warn", percent: due } : { kind: "none" };
}

/** Why an endpoint is disabled, with the way back, for its partner to read. */
export function disabledReason(why: "gone" | "failing", sinceMs: number): string {
  const since = new Date(sinceMs).toISOString();
  const cause =
    why === "gone"
      ? `It answered 410 at ${since}, which says that it wants no more.`
      : `Nothing could be delivered since ${since}.`;
  return `${cause} To get it back, PATCH it with status enabled: what waits then goes on. POST …/recover brings what was missed meanwhile.`;
}
