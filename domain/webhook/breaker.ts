import { RETRY_AFTER_CAP_MS } from "./retry-schedule.ts";
import type { FailureClass } from "./verdict.ts";

/**
 * What an attempt says of its receiver. `away`: it is not there, or cannot work now; every other event would fare the
 * same. `there`: it answered, be it with a refusal of this event. `nothing`: the attempt never reached it.
 */
export type Sign = "there" | "away" | "nothing";

const TOO_MANY_REQUESTS = 429;

/** The sign of an attempt: what it failed with, null for a delivered one, and the status of its answer, if any. */
export function signOf(failureClass: FailureClass | null, statusCode: number | null): Sign {
  if (statusCode === TOO_MANY_REQUESTS) return "away";
  switch (failureClass) {
    case "timeout":
    case "dns":
    case "connect":
    case "connection_lost":
    case "tls":
    case "protocol":
    case "http_5xx":
      return "away";
    case "refused_address":
    case "refused_url":
    case "receiver_removed":
    case "parked_too_long":
      return "nothing";
    case "redirect":
    case "gone":
    case "http_4xx":
    case "http_other":
    case null:
      return "there";
    default:
      return failureClass satisfies never;
  }
}

/** So many attempts in a row have to find the receiver away before the breaker opens. */
export const FAILURES_TO_OPEN = 5;

/** How many attempts in a row found a receiver away, after one more. */
export function failuresInARow(before: number, sign: Sign): number {
  if (sign === "there") return 0;
  return sign === "away" ? before + 1 : before;
}

/** Whether a lane is to be opened: what is due for it is then parked, and no attempt is spent. */
export function isToOpen(failures: number): boolean {
  return failures >= FAILURES_TO_OPEN;
}

const FIRST_PROBE_MS = 1_000;
const LONGEST_PROBE_MS = 10_000;
const MAX_JITTER = 0.1;

export interface FailedProbes {
  /** Probes in a row that found the receiver away; 0 when the lane has just been opened. */
  readonly count: number;
  /** What the last answer's Retry-After asked for; null when it said nothing readable. */
  readonly retryAfterMs: number | null;
  /** Chance, 0 inclusive to 1 exclusive, drawn by the caller. */
  readonly random: number;
}

/**
 * How long an open lane rests until its next probe, which is one request: 1 s, doubling to 10 s, so that whoever is back
 * waits for seconds and a long outage costs a request every ten. A Retry-After makes it longer, up to RETRY_AFTER_CAP_MS.
 * Jitter only adds, at most a tenth.
 */
export function probeDelayMs({ count, retryAfterMs, random }: FailedProbes): number {
  const scheduledMs = Math.min(LONGEST_PROBE_MS, FIRST_PROBE_MS * 2 ** Math.min(count, 10));
  const baseMs = Math.max(scheduledMs, Math.min(retryAfterMs ?? 0, RETRY_AFTER_CAP_MS));
  return baseMs + Math.floor(baseMs * MAX_JITTER * random);
}

/** What a recovering lane lets go in its first step, and in any. */
export const FIRST_RELEASE = 1;
export const LARGEST_RELEASE = 200;

/** Time between two steps of a recovery. */
export const RELEASE_EVERY_MS = 250;

/**
 * How many parked deliveries a recovering lane lets go now, at most: twice as many as in the step before, up to 200, less
 * those of earlier steps that still wait, so that no more pile up than the receiver takes.
 */
export function nextRelease(previous: number, waiting: number): { readonly step: number; readonly release: number } {
  const step = Math.min(LARGEST_RELEASE, Math.max(FIRST_RELEASE, previous * 2));
  return { step, release: Math.max(0, step - waiting) };
}
