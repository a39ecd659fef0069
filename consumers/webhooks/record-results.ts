import { classify } from "../../messaging/failure-policy.ts";
import { backoffDelayMs } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import { createQuietLog, type QuietLog } from "../../runtime/quiet-log.ts";
import type { AttemptResult, DeliveryStore } from "../../storage/delivery-store.ts";
import { createAlarm } from "./alarm.ts";

export interface RecorderSettings {
  readonly store: Pick<DeliveryStore, "record">;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Whether a result was written; `late`: another worker has taken the delivery since, `lost`: it could not be written. */
export type Recorded = "counted" | "late" | "lost";

/** Writes results in batches: they gather for a moment, and while one statement is under way. */
export interface ResultRecorder {
  /**
   * Resolves when the result is written, or when that will not happen. Waits for as long as Postgres is away. One that other
   * deliveries wait for is written at once, with whatever has gathered.
   */
  readonly record: (result: AttemptResult, isWaitedFor: boolean) => Promise<Recorded>;
  /**
   * Writes nothing more: results that are not written by now, or come later, are lost, and those deliveries are sent
   * again when their lease has ended.
   */
  readonly giveUp: () => void;
}

interface Waiting {
  readonly result: AttemptResult;
  readonly settle: (recorded: Recorded) => void;
}

/** So many results go into one statement. */
const BATCH_LIMIT = 500;
/** A result that nobody waits for waits so long for others: a statement costs much more than a result in it. */
const GATHER_MS = 8;
/** When so many wait, nobody waits for more. */
const GATHER_MOST = 32;
const BACKOFF = { firstMs: 100, capMs: 2_000 };

/**
 * The recorder of one process. While Postgres is away it tries again for ever, at growing distances. A result that
 * Postgres refuses for another reason is set apart, so that it does not take its neighbours with it, and is lost.
 */
export function createResultRecorder(settings: RecorderSettings): ResultRecorder {
  const { store, clock, random, log } = settings;
  const writer = { store, log, quiet: createQuietLog(log, clock) };
  const alarm = createAlarm(clock);
  const gathering = createAlarm(clock);
  const waiting: Waiting[] = [];
  let isWriting = false;
  let isGivenUp = false;

  const writeAll = async () => {
    for (let failures = 0; waiting.length > 0; ) {
      if (failures === 0 && waiting.length < GATHER_MOST) await gathering.sleep(GATHER_MS);
      const again = await write(waiting.splice(0, BATCH_LIMIT), writer);
      failures = again.length === 0 ? 0 : failures + 1;
      waiting.unshift(...again);
      if (failures > 0 && !isGivenUp) await alarm.sleep(backoffDelayMs(BACKOFF, failures, random));
      if (isGivenUp) for (const { settle } of waiting.splice(0)) settle("lost");
    }
    isWriting = false;
  };
  return {
    record: async (result, isWaitedFor) => {
      if (isGivenUp) return "lost";
      const { promise, resolve } = Promise.withResolvers<Recorded>();
      waiting.push({ result, settle: resolve });
      if (isWaitedFor || waiting.length >= GATHER_MOST) gathering.wake();
      if (!isWriting) {
        isWriting = true;
        void writeAll();
      }
      return promise;
    },
    giveUp: () => {
      isGivenUp = true;
      gathering.wake();
      alarm.wake();
    },
  };
}

interface Writer {
  readonly store: Pick<DeliveryStore, "record">;
  readonly log: Log;
  readonly quiet: QuietLog;
}

/** Gives what has to be tried again because Postgres is away; everybody else is settled. Never rejects. */
async function write(batch: readonly Waiting[], writer: Writer): Promise<readonly Waiting[]> {
  try {
    const counted = await writer.store.record(batch.map(({ result }) => result));
    for (const { result, settle } of batch) settle(counted.has(result.deliveryId) ? "counted" : "late");
    return [];
  } catch (error) {
    if (classify(error).kind === "temporary") {
      writer.quiet.warn({ error, results: batch.length }, "Results of deliveries cannot be written yet");
      return batch;
    }
    const [only] = batch;
    if (only !== undefined && batch.length === 1) {
      writer.log.error({ error, deliveryId: only.result.deliveryId }, "The result of a delivery cannot be written");
      only.settle("lost");
      return [];
    }
  }
  const again: Waiting[] = [];
  for (const one of batch) again.push(...(await write([one], writer)));
  return again;
}
