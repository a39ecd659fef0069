import { signOf } from "../../domain/webhook/breaker.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { CheckResult } from "../../runtime/health.ts";
import type { Log } from "../../runtime/log.ts";
import { createQuietLog, type QuietLog } from "../../runtime/quiet-log.ts";
import type { ClaimedDelivery } from "../../storage/claimed-delivery.ts";
import type { AttemptResult, DeliveryStore } from "../../storage/delivery-store.ts";
import type { Attempted } from "./attempt-delivery.ts";
import { type AttemptsInFlight, createAttemptsInFlight } from "./attempts-in-flight.ts";
import type { LaneNews, Lanes } from "./lanes.ts";
import type { DeliveryMeasures } from "./measure-deliveries.ts";
import type { Pace } from "./pace.ts";
import type { ResultRecorder } from "./record-results.ts";
import { createSteadyLoop } from "./steady-loop.ts";

export interface DeliverSettings {
  readonly store: Pick<DeliveryStore, "claim" | "extend">;
  /** Makes one attempt; rejects when it could not be made for a reason on our side. */
  readonly attempt: (delivery: ClaimedDelivery) => Promise<Attempted>;
  readonly recorder: ResultRecorder;
  /** Whose slots are in use. */
  readonly lanes: Lanes;
  /** Hears what every attempt says of its lane. */
  readonly heard: (lane: string, news: HeardNews) => void;
  /** Resolves when the endpoint's own limit lets the attempt begin. */
  readonly pace: Pace;
  /** How long a claim holds; those of attempts that take longer are extended in time. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Counts attempts by the class of what they came to. */
  readonly count: (outcome: string) => void;
  readonly measures?: DeliveryMeasures;
}

/** What an attempt says of its lane, and how long its receiver asks us to wait. */
export interface HeardNews extends LaneNews {
  readonly isProbe: boolean;
  readonly retryAfterMs: number | null;
}

/** The loop that claims due deliveries and attempts them. */
export interface DeliveryWorker {
  readonly start: () => void;
  /** Says that something may be due; costs nothing when said too often. */
  readonly wake: () => void;
  /** Begins attempts of deliveries that were claimed elsewhere and whose slots are taken. */
  readonly accept: (deliveries: readonly ClaimedDelivery[]) => void;
  /** The same for probes of open lanes, which take slots whatever their lanes' limits say. */
  readonly probe: (deliveries: readonly ClaimedDelivery[]) => void;
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
/** Two looks are at least so far apart: slots that become free meanwhile share one. */
const SPACING_MS = 10;
/** Silence for so long means that Postgres is away or the loop is stuck. */
const SILENCE_MS = 10_000;

/**
 * The worker of one process. Postgres says what is due; being woken only makes it look sooner. Survives any outage of
 * Postgres by looking again, at growing distances up to 2 s.
 */
export function createDeliveryWorker(settings: DeliverSettings): DeliveryWorker {
  const { lanes, clock, random, log } = settings;
  const quiet = createQuietLog(log, clock);
  const inFlight = createAttemptsInFlight({ ...settings, quiet });
  let mayBeMore = false;
  let lastLookMs = clock();

  const begin = (delivery: ClaimedDelivery, isProbe: boolean) => {
    settings.measures?.claimed(delivery);
    const done = complete(delivery, { settings, quiet, isProbe }).then((dueAtMs) => {
      lanes.giveBack(delivery);
      if (dueAtMs !== null && dueAtMs - clock() <= POLL_MS) loop.wakeAt(dueAtMs);
      if (mayBeMore || delivery.isStrict || lanes.hasQueue(delivery.lane)) loop.wake();
    });
    inFlight.add(delivery, done);
  };
  const take = (delivery: ClaimedDelivery, isProbe: boolean) => {
    lanes.take(delivery);
    begin(delivery, isProbe);
  };
  const look = createLook(settings, inFlight);
  const loop = createSteadyLoop({
    ...{ spacingMs: SPACING_MS, sentence: "Due deliveries cannot be looked up", quiet, clock, random },
    turn: async () => {
      mayBeMore = true;
      const found = await look();
      ({ mayBeMore } = found);
      for (const delivery of found.claimed) take(delivery, false);
      lastLookMs = clock();
      return POLL_MS;
    },
  });
  return {
    start: () => {
      loop.start();
      inFlight.start();
    },
    wake: loop.wake,
    accept: (deliveries) => {
      for (const delivery of deliveries) begin(delivery, false);
    },
    probe: (deliveries) => {
      for (const delivery of deliveries) take(delivery, true);
    },
    stop: async (deadlineMs) => {
      await loop.stop();
      if (await inFlight.settleWithin(deadlineMs)) return;
      log.warn({ deliveries: inFlight.count() }, "Stopping with deliveries in flight; they are sent again later");
      settings.recorder.giveUp();
    },
    check: () => {
      const silentMs = clock() - lastLookMs;
      if (silentMs <= SILENCE_MS || lanes.rooms().all <= 0) return { ok: true };
      return { ok: false, detail: `no look at due deliveries for ${Math.round(silentMs / 1_000)} s` };
    },
  };
}

interface Found {
  readonly claimed: readonly ClaimedDelivery[];
  /** There may be more than there was room for. */
  readonly mayBeMore: boolean;
}

/** Claims what there is room for. */
function createLook({ store, lanes, leaseMs, clock }: DeliverSettings, inFlight: AttemptsInFlight) {
  let lastThoroughMs = 0;
  return async (): Promise<Found> => {
    const rooms = lanes.rooms();
    if (rooms.all <= 0) return { claimed: [], mayBeMore: true };
    const nowMs = clock();
    const isThorough = nowMs - lastThoroughMs >= POLL_MS;
    const claimed = await store.claim({
      ...{ nowMs, leaseMs, limit: rooms.all, rooms: rooms.classes, inFlight: inFlight.ids() },
      ...{ laneRooms: rooms.lanes, otherLanesRoom: rooms.otherLanes },
    });
    if (isThorough) lastThoroughMs = nowMs;
    // Judged by what was asked, not by what is in flight now: some of it may have ended since.
    return { claimed, mayBeMore: lanes.claimed(rooms, claimed, isThorough) };
  };
}

interface Completion {
  readonly settings: DeliverSettings;
  readonly quiet: QuietLog;
  readonly isProbe: boolean;
}

/**
 * One attempt from its claim to its record; gives when it is due again, if that counted. Never rejects: what could not be
 * made or written waits for its lease.
 */
async function complete(delivery: ClaimedDelivery, { settings, quiet, isProbe }: Completion): Promise<number | null> {
  const { attempt, recorder, lanes, pace, heard, count, measures } = settings;
  try {
    await pace(delivery);
    const { result: attempted, retryAfterMs } = await attempt(delivery);
    const news = newsOf(attempted);
    heard(delivery.lane, { ...news, isProbe, retryAfterMs });
    const result = isProbe && news.sign === "away" ? parkedAgain(attempted) : attempted;
    const recorded = await recorder.record(result, delivery.isStrict || lanes.hasQueue(delivery.lane));
    count(recorded === "counted" ? (result.failureClass ?? "delivered") : recorded);
    measures?.recorded(delivery, result, recorded);
    return recorded === "counted" && result.next.kind === "retry" ? result.next.dueAtMs : null;
  } catch (error) {
    quiet.warn({ error, deliveryId: delivery.deliveryId }, "A delivery cannot be attempted");
    count("not_attempted");
    return null;
  }
}

function newsOf({ failureClass, statusCode, durationMs }: AttemptResult): LaneNews {
  const sign = signOf(failureClass, statusCode);
  return { sign, durationMs, isTimeout: failureClass === "timeout", isDelivered: failureClass === null };
}

/** The breaker spends no attempts: a probe that found the receiver away is as if it had not been made. */
function parkedAgain(result: AttemptResult): AttemptResult {
  return { ...result, next: { kind: "parked", atMs: result.startedAtMs + result.durationMs } };
}
