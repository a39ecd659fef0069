import { type DisableLimits, disabledReason, nextHealthStep } from "../../domain/webhook/endpoint-health.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { createQuietLog } from "../../runtime/quiet-log.ts";
import type { AttemptResult } from "../../storage/delivery-store.ts";
import type { EndpointHealth, FailingEndpoint } from "../../storage/endpoint-health.ts";

export interface JudgeSettings {
  readonly health: EndpointHealth;
  readonly limits: DisableLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, "endpointWarnings" | "endpointsDisabled">;
}

/**
 * Looks at endpoints by what attempts came to: warns of those that keep failing, and disables them in the end, or at once
 * when they answer 410.
 */
export interface EndpointJudge {
  /**
   * Hears results that counted. Failures are judged at once; successes, which most are, together and within a second.
   * Never rejects: while Postgres is away nothing is judged, and the next result is looked at again.
   */
  readonly hear: (results: readonly AttemptResult[]) => Promise<void>;
  /** Notes what is left. */
  readonly stop: () => Promise<void>;
}

const SUCCESSES_EVERY_MS = 1_000;

/** The judge of one process; what it knows is in the endpoints' rows. */
export function createEndpointJudge(settings: JudgeSettings): EndpointJudge {
  const { health, clock, log } = settings;
  const quiet = createQuietLog(log, clock);
  let unjudged: AttemptResult[] = [];
  let timer: NodeJS.Timeout | undefined;

  const judgeAll = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const results = unjudged;
    unjudged = [];
    try {
      for (const endpoint of await health.note(results)) await judge(endpoint, settings);
    } catch (error) {
      quiet.warn({ error }, "The health of endpoints cannot be noted");
    }
  };
  return {
    hear: async (results) => {
      unjudged.push(...results);
      if (results.some(({ failureClass }) => failureClass !== null)) await judgeAll();
      else timer ??= setTimeout(() => void judgeAll(), SUCCESSES_EVERY_MS);
    },
    stop: judgeAll,
  };
}

async function judge(endpoint: FailingEndpoint, settings: JudgeSettings): Promise<void> {
  const { health, limits, clock, log, metrics } = settings;
  const { endpointId, isGone, sinceMs, failedDeliveries } = endpoint;
  const nowMs = clock();
  const step = isGone ? ({ kind: "disable" } as const) : nextHealthStep(endpoint, nowMs, limits);
  if (step.kind === "none") return;
  if (step.kind === "warn") {
    await health.warned(endpointId, step.percent);
    metrics.endpointWarnings.inc({ percent: String(step.percent) });
    log.warn({ endpointId, failedDeliveries, percent: step.percent }, "An endpoint keeps failing");
    return;
  }
  const why = isGone ? "gone" : "failing";
  const isDone = await health.disable(endpointId, disabledReason(why, isGone ? nowMs : sinceMs), nowMs);
  if (!isDone) return;
  metrics.endpointsDisabled.inc({ why });
  log.warn({ endpointId, failedDeliveries, why }, "An endpoint is disabled");
}
