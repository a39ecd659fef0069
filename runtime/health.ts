import { safeMessage } from "./log.ts";

export interface CheckResult {
  readonly ok: boolean;
  /** One sentence for the person who is called at night; no personal values, no addresses. */
  readonly detail?: string;
}

export type Check = () => CheckResult | Promise<CheckResult>;

export interface HealthAnswer {
  readonly status: "ok" | "failing";
  readonly checks: Readonly<Record<string, CheckResult>>;
}

export interface Health {
  /** Adds a check of being ready: whether work may be sent here. */
  readonly addReady: (name: string, check: Check) => void;
  /** Adds a check of being alive: when it fails, only a restart helps. */
  readonly addLive: (name: string, check: Check) => void;
  readonly ready: () => Promise<HealthAnswer>;
  readonly live: () => Promise<HealthAnswer>;
}

/**
 * Named checks and their answers. A check that throws, or takes longer than `timeoutMs`, has failed; the others are
 * answered all the same.
 */
export function createHealth({ timeoutMs = 2_000 } = {}): Health {
  const readyChecks = new Map<string, Check>();
  const liveChecks = new Map<string, Check>();
  return {
    addReady: (name, check) => void readyChecks.set(name, check),
    addLive: (name, check) => void liveChecks.set(name, check),
    ready: () => answer(readyChecks, timeoutMs),
    live: () => answer(liveChecks, timeoutMs),
  };
}

async function answer(checks: ReadonlyMap<string, Check>, timeoutMs: number): Promise<HealthAnswer> {
  const results = await Promise.all(
    [...checks].map(async ([name, check]) => [name, await run(check, timeoutMs)] as const),
  );
  const isOk = results.every(([, result]) => result.ok);
  return { status: isOk ? "ok" : "failing", checks: Object.fromEntries(results) };
}

async function run(check: Check, timeoutMs: number): Promise<CheckResult> {
  const { promise: late, resolve } = Promise.withResolvers<CheckResult>();
  const timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${timeoutMs} ms` }), timeoutMs);
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? safeMessage(error) : "failed" };
  } finally {
    clearTimeout(timer);
  }
}
