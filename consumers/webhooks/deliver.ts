import { createQuietLog, type QuietLog } from "../../messaging/quiet-log.ts";
import { backoffDelayMs } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { CheckResult } from "../../runtime/health.ts";
import type { Log } from "../../runtime/log.ts";
import type { AttemptResult, ClaimedDelivery, DeliveryStore } from "../../storage/delivery-store.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import type { DeliveryMeasures } from "./measure-deliveries.ts";
import type { ResultRecorder } from "./record-results.ts";

export interface DeliverSettings {
  readonly store: Pick<DeliveryStore, "claim">;
  /** Makes one attempt; rejects when it could not be made for a reason on our side. */
  readonly attempt: (delivery: ClaimedDelivery) => Promise<AttemptResult>;
  readonly recorder: ResultRecorder;
  /** Attempts in flight at most, of all lanes and of one. */
  readonly concurrency: number;
  readonly perLane: number;
  /** How long a claim holds: longer than an attempt can last. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Counts attempts by the class of what they came to. */
  readonly count: (outcome: string) => void;
  readonly measures?: DeliveryMeasures;
}

/** The loop that claims due deliveries and attempts them. */
export interface DeliveryWorker {
  readonly start: () => void;
  /** Says that something may be due; costs nothing when said too often. */
  readonly wake: () => void;
  /**
   * Claims nothing more and waits up to `deadlineMs` for what is in flight. What is not done then is left to its lease:
   * another worker sends it again.
   */
  readonly stop: (deadlineMs: number) => Promise<void>;
  /** Whether the loop looks at Postgres as often as it should. */
  readonly check: () => CheckResult;
}

/** What other processes made due is found after at most so long; what this one knows of is attempted on time. */
const POLL_MS = 1_000;
const BACKOFF = { firstMs: 100, capMs: 2_000 };
/** Silence for so long means that Postgres is away or the loop is stuck. */
const SILENCE_MS = 10_000;

/**
 * The worker of one process. Postgres says what is due; being woken only makes it look sooner. Survives any outage of
 * Postgres by looking again, at growing distances up to 2 s.
 */
export function createDeliveryWorker(settings: DeliverSettings): DeliveryWorker {
  const { store, concurrency, perLane, leaseMs, clock, random, log } = settings;
  const quiet = createQuietLog(log, clock);
  const alarm = createAlarm(clock);
  const stopping = createAlarm(clock);
  const inFlight = new Map<string, InFlight>();
  let isStopping = false;
  let mayBeMore = false;
  let failures = 0;
  let lastLookMs = clock();
  let running: Promise<void> | null = null;

  const begin = (delivery: ClaimedDelivery) => {
    const done = complete(delivery, { settings, quiet, alarm }).then(() => {
      inFlight.delete(delivery.deliveryId);
      if (mayBeMore) alarm.wake();
    });
    inFlight.set(delivery.deliveryId, { lane: delivery.lane, done });
  };
  /** Claims what there is room for and begins it; says whether it is worth looking again at once. */
  const takeDue = async (): Promise<boolean> => {
    const limit = concurrency - inFlight.size;
    if (limit <= 0) return false;
    const mine = [...inFlight].map(([deliveryId, { lane }]) => ({ deliveryId, lane }));
    const claimed = await store.claim({ nowMs: clock(), leaseMs, limit, perLane, inFlight: mine });
    lastLookMs = clock();
    failures = 0;
    for (const delivery of claimed) {
      settings.measures?.claimed(delivery);
      begin(delivery);
    }
    // Judged by what was asked, not by what is in flight now: some of it may have ended since.
    mayBeMore = claimed.length >= limit || isAnyLaneFull([...mine, ...claimed], perLane);
    return mayBeMore && claimed.length > 0;
  };
  const run = async () => {
    while (!isStopping) {
      try {
        if (!(await takeDue())) await alarm.sleep(POLL_MS);
      } catch (error) {
        quiet.warn({ error }, "Due deliveries cannot be looked up");
        failures += 1;
        await stopping.sleep(backoffDelayMs(BACKOFF, failures, random));
      }
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    wake: alarm.wake,
    stop: async (deadlineMs) => {
      isStopping = true;
      alarm.wake();
      stopping.wake();
      await running;
      if (await settleWithin([...inFlight.values()], deadlineMs)) return;
      log.warn({ deliveries: inFlight.size }, "Stopping with deliveries in flight; they are sent again later");
      settings.recorder.giveUp();
    },
    check: () => {
      const silentMs = clock() - lastLookMs;
      if (silentMs <= SILENCE_MS || inFlight.size >= concurrency) return { ok: true };
      return { ok: false, detail: `no look at due deliveries for ${Math.round(silentMs / 1_000)} s` };
    },
  };
}

interface InFlight {
  readonly lane: string;
  readonly done: Promise<void>;
}

interface Completion {
  readonly settings: DeliverSettings;
  readonly quiet: QuietLog;
  readonly alarm: Alarm;
}

/** One attempt from its claim to its record. Never rejects: what could not be made or written waits for its lease. */
async function complete(delivery: ClaimedDelivery, { settings, quiet, alarm }: Completion): Promise<void> {
  const { attempt, recorder, clock, count, measures } = settings;
  try {
    const result = await attempt(delivery);
    const recorded = await recorder.record(result);
    count(recorded === "counted" ? (result.failureClass ?? "delivered") : recorded);
    measures?.recorded(delivery, result, recorded);
    const { next } = result;
    const isSoon = next.kind === "retry" && next.dueAtMs - clock() <= POLL_MS;
    if (recorded === "counted" && isSoon) alarm.wakeAt(next.dueAtMs);
  } catch (error) {
    quiet.warn({ error, deliveryId: delivery.deliveryId }, "A delivery cannot be attempted");
    count("not_attempted");
  }
}

function isAnyLaneFull(inFlight: readonly { readonly lane: string }[], perLane: number): boolean {
  const sizes = new Map<string, number>();
  for (const { lane } of inFlight) sizes.set(lane, (sizes.get(lane) ?? 0) + 1);
  return [...sizes.values()].some((size) => size >= perLane);
}

/** Whether everything in flight was done in time. */
async function settleWithin(inFlight: readonly InFlight[], deadlineMs: number): Promise<boolean> {
  const { promise: deadline, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), deadlineMs);
  const all = Promise.all(inFlight.map(({ done }) => done)).then(() => true);
  const isDone = await Promise.race([all, deadline]);
  clearTimeout(timer);
  return isDone;
}
