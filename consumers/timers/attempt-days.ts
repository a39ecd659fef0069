import type { EntityManager } from "@mikro-orm/postgresql";
import { planAttemptDays } from "../../domain/webhook/attempt-days.ts";
import {
  type AttemptDayLimits,
  dropAttemptPartition,
  listAttemptPartitions,
  makeAttemptDay,
} from "../../storage/attempt-days.ts";

export interface AttemptDaysSettings extends Pick<AttemptDayLimits, "lockTimeoutMs"> {
  readonly em: () => EntityManager;
  readonly nowMs: number;
  readonly retentionDays: number;
  /** Asked before every partition: false ends it. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** What became of the partitions of the attempts. */
export interface AttemptDaysKept {
  readonly made: number;
  readonly dropped: number;
  /** How many of the days after today that should have a partition have none now. */
  readonly missing: number;
  /** What could not be done this time, by name of the partition, and why. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/**
 * Makes the partitions of the next days and drops those that are too old. When one cannot be made or dropped, because
 * others keep the table busy say, it and those behind it are left for the next time: there is a week for it, and until
 * then the default partition takes the attempts.
 * @throws the driver's error when Postgres is away.
 */
export async function keepAttemptDays(settings: AttemptDaysSettings): Promise<AttemptDaysKept> {
  const { em, mayGoOn, lockTimeoutMs, ...given } = settings;
  const failed = new Map<string, unknown>();
  const isDone = async (name: string, work: () => Promise<boolean>) =>
    work().catch((error: unknown) => {
      failed.set(name, error);
      return false;
    });
  const { create, drop } = planAttemptDays({ ...given, existing: await listAttemptPartitions(em()) });
  let [made, dropped] = [0, 0];
  for (const day of create) {
    if (failed.size > 0 || !(await mayGoOn())) break;
    if (await isDone(day.name, async () => (await makeAttemptDay(em(), day, { lockTimeoutMs })) === "made")) made += 1;
  }
  for (const name of drop) {
    if (!(await mayGoOn())) break;
    if (!(await isDone(name, () => dropAttemptPartition(em(), name, { lockTimeoutMs }).then(() => true)))) break;
    dropped += 1;
  }
  const { create: lacking } = planAttemptDays({ ...given, existing: await listAttemptPartitions(em()) });
  const missing = lacking.filter(({ from }) => Date.parse(from) > given.nowMs).length;
  return { made, dropped, missing, failed };
}
