import type { Clock } from "../../runtime/clock.ts";
import { compareClocks } from "./clock-skew.ts";
import { down, type Finding, fine, wrong } from "./finding.ts";

export interface ProcessQuestion {
  /** What it is called, as "gateway". */
  readonly name: string;
  readonly url: string;
  readonly clock: Clock;
  /** What to do when it does not answer. */
  readonly wayOut: string;
}

const ANSWER_WITHIN_MS = 5_000;

interface HealthAnswer {
  readonly status?: string;
  readonly checks?: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

/** Whether a process of ours answers, which of its own checks fail, and whether it tells the same time. */
export async function checkProcess({ name, url, clock, wayOut }: ProcessQuestion): Promise<readonly Finding[]> {
  const sentAt = clock();
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const moments = { sentAt, answeredAt: clock() };
    const body = (await response.json()) as HealthAnswer;
    const date = response.headers.get("date");
    // A second has begun when it is told: half of it has passed on average.
    const clocks = date === null ? [] : [compareClocks(`clock of the ${name}`, Date.parse(date) + 500, moments)];
    return [...healthOf(name, body), ...clocks];
  } catch (error) {
    return [down(name, error, wayOut)];
  }
}

function healthOf(name: string, { status, checks = {} }: HealthAnswer): readonly Finding[] {
  if (status === "ok") return [fine(name, `ready; fine: ${Object.keys(checks).join(", ")}`)];
  const failing = Object.entries(checks).filter(([, { ok }]) => !ok);
  const detail = failing.map(([check, { detail: reason = "failing" }]) => `${check}: ${reason}`).join("; ");
  return [wrong(name, detail === "" ? "answers, but not as ours do" : `not ready: ${detail}`, WHAT_IT_NEEDS)];
}

const WHAT_IT_NEEDS = "Mend what it names; the other rows tell whether that is away for this machine too";
