import {
  failuresInARow,
  isToOpen,
  nextRelease,
  probeDelayMs,
  RELEASE_EVERY_MS,
} from "../../../domain/webhook/breaker.ts";
import { firstLaneLimit, isFailing, nextLaneLimit } from "../../../domain/webhook/lane-limit.ts";
import { nextSlotMs } from "../../../domain/webhook/pacing.ts";
import { nextAttempt } from "../../../domain/webhook/retry-schedule.ts";
import { classRoom, laneRoom, type Shares, type SlotClass, sharesOf } from "../../../domain/webhook/slots.ts";
import { createAgenda } from "./agenda.ts";

export const SECOND_MS = 1_000;
export const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 30_000;
const ANSWER_MS = 50;
const MAX_PARKED_MS = 72 * HOUR_MS;

/** A receiver of the simulation. */
export interface SimulatedReceiver {
  readonly lane: string;
  readonly isAway: (atMs: number) => boolean;
  readonly rateLimit: number | null;
  /** When its events arrive. */
  readonly arrivals: readonly number[];
}

/** What became of one delivery. */
export interface SimulatedDelivery {
  readonly lane: string;
  readonly arrivedAtMs: number;
  /** Attempts that counted, by when they began and ended. */
  readonly attempts: { readonly atMs: number; readonly endMs: number }[];
  status: "waiting" | "delivered" | "failed" | "parked_too_long";
}

/** One request, whether or not it counted. */
export interface SimulatedRequest {
  readonly lane: string;
  readonly atMs: number;
  readonly state: "flowing" | "open" | "recovering";
  readonly isProbe: boolean;
}

interface Lane {
  readonly receiver: SimulatedReceiver;
  state: "flowing" | "open" | "recovering";
  limit: number;
  failures: number;
  inFlight: number;
  slotMs: number | null;
  failedProbes: number;
  releaseStep: number;
  readonly due: SimulatedDelivery[];
  readonly parked: { readonly delivery: SimulatedDelivery; readonly sinceMs: number }[];
}

/** All rules of the engine on a clock that jumps from one thing to the next: weeks take seconds. */
export function simulateLanes(receivers: readonly SimulatedReceiver[], given: { slots: number; random: () => number }) {
  const shares = sharesOf(given.slots);
  const lanes = receivers.map((receiver): Lane => {
    const counts = { limit: firstLaneLimit(shares.lane), failures: 0, inFlight: 0, failedProbes: 0, releaseStep: 0 };
    return { receiver, state: "flowing", ...counts, slotMs: null, due: [], parked: [] };
  });
  const used = { all: 0, of: { first: 0, retry: 0, replay: 0 }, failing: 0 };
  const world: World = {
    ...{ shares, lanes, used, random: given.random },
    agenda: createAgenda(),
    requests: [],
    deliveries: [],
  };
  for (const lane of lanes) {
    for (const arrivedAtMs of lane.receiver.arrivals) {
      world.agenda.at(arrivedAtMs, () => {
        const made: SimulatedDelivery = { lane: lane.receiver.lane, arrivedAtMs, attempts: [], status: "waiting" };
        world.deliveries.push(made);
        makeDue(world, lane, made);
      });
    }
  }
  world.agenda.run();
  return world;
}

interface World {
  readonly shares: Shares;
  readonly lanes: readonly Lane[];
  readonly used: { all: number; readonly of: Record<SlotClass, number>; readonly failing: number };
  readonly agenda: ReturnType<typeof createAgenda>;
  readonly random: () => number;
  readonly requests: SimulatedRequest[];
  readonly deliveries: SimulatedDelivery[];
}

const classOf = ({ attempts }: SimulatedDelivery): SlotClass => (attempts.length === 0 ? "first" : "retry");

function makeDue(world: World, lane: Lane, delivery: SimulatedDelivery): void {
  if (lane.state === "open") lane.parked.push({ delivery, sinceMs: world.agenda.nowMs() });
  else lane.due.push(delivery);
  beginWhatMay(world);
}

function beginWhatMay(world: World): void {
  const { lanes, shares, used } = world;
  for (const lane of lanes) {
    for (let next = lane.due[0]; next !== undefined; next = lane.due[0]) {
      const failing = lanes.filter((one) => isFailing(one, shares.lane)).reduce((sum, one) => sum + one.inFlight, 0);
      const slots = { ...used, failing };
      const inUse = { ...lane, isFailing: isFailing(lane, shares.lane) };
      if (laneRoom(inUse, slots, shares) === 0 || classRoom(classOf(next), slots, shares) === 0) break;
      lane.due.shift();
      begin(world, lane, { delivery: next, probedSinceMs: null });
    }
  }
}

interface Attempt {
  readonly delivery: SimulatedDelivery;
  /** Since when the delivery of a probe is parked; null when it is no probe. */
  readonly probedSinceMs: number | null;
}

function begin(world: World, lane: Lane, attempt: Attempt): void {
  const { agenda, used, requests, shares } = world;
  const slotClass = classOf(attempt.delivery);
  const move = (by: 1 | -1) => {
    lane.inFlight += by;
    used.all += by;
    used.of[slotClass] += by;
  };
  move(1);
  const atMs = nextSlotMs(lane.slotMs, agenda.nowMs(), lane.receiver);
  lane.slotMs = atMs;
  agenda.at(atMs, () => {
    requests.push({ lane: lane.receiver.lane, atMs, state: lane.state, isProbe: attempt.probedSinceMs !== null });
    const isAway = lane.receiver.isAway(atMs);
    agenda.at(atMs + (isAway ? TIMEOUT_MS : ANSWER_MS), () => {
      lane.limit = nextLaneLimit(lane.limit, endedAttempt(lane, isAway), shares.lane);
      lane.failures = failuresInARow(lane.failures, isAway ? "away" : "there");
      move(-1);
      end(world, lane, { ...attempt, atMs, isAway });
      beginWhatMay(world);
    });
  });
}

function end(world: World, lane: Lane, ended: Attempt & { readonly atMs: number; readonly isAway: boolean }): void {
  const { agenda, random } = world;
  const { delivery, probedSinceMs, atMs, isAway } = ended;
  if (!isAway && lane.state === "open") recover(world, lane);
  if (probedSinceMs !== null && isAway) {
    lane.failedProbes += 1;
    lane.parked.unshift({ delivery, sinceMs: probedSinceMs });
    probeLater(world, lane);
    return;
  }
  if (isToOpen(lane.failures) && lane.state !== "open") open(world, lane);
  delivery.attempts.push({ atMs, endMs: agenda.nowMs() });
  if (!isAway) {
    delivery.status = "delivered";
    return;
  }
  const next = nextAttempt({ number: delivery.attempts.length, delaysMs: null, retryAfterMs: null, random: random() });
  if (next.kind === "exhausted") delivery.status = "failed";
  else agenda.at(agenda.nowMs() + next.delayMs, () => makeDue(world, lane, delivery));
}

function open(world: World, lane: Lane): void {
  Object.assign(lane, { state: "open", failedProbes: 0 });
  lane.parked.push(...lane.due.splice(0).map((delivery) => ({ delivery, sinceMs: world.agenda.nowMs() })));
  probeLater(world, lane);
}

function probeLater(world: World, lane: Lane): void {
  const { agenda, random } = world;
  const delayMs = probeDelayMs({ count: lane.failedProbes, retryAfterMs: null, random: random() });
  agenda.at(agenda.nowMs() + delayMs, () => {
    if (lane.state !== "open") return;
    giveUpOld(lane, agenda.nowMs() - MAX_PARKED_MS);
    const first = lane.parked.shift();
    if (first === undefined) recover(world, lane);
    else begin(world, lane, { delivery: first.delivery, probedSinceMs: first.sinceMs });
  });
}

function giveUpOld(lane: Lane, beforeMs: number): void {
  const isOld = ({ sinceMs }: { readonly sinceMs: number }) => sinceMs <= beforeMs;
  for (const { delivery } of lane.parked.filter(isOld)) delivery.status = "parked_too_long";
  lane.parked.splice(0, lane.parked.length, ...lane.parked.filter((one) => !isOld(one)));
}

function recover(world: World, lane: Lane): void {
  Object.assign(lane, { state: "recovering", releaseStep: 0 });
  const { agenda } = world;
  const step = () => {
    if (lane.state !== "recovering") return;
    if (lane.parked.length === 0) {
      lane.state = "flowing";
      return;
    }
    const next = nextRelease(lane.releaseStep, lane.due.length);
    lane.releaseStep = next.step;
    lane.due.push(...lane.parked.splice(0, next.release).map(({ delivery }) => delivery));
    beginWhatMay(world);
    agenda.at(agenda.nowMs() + RELEASE_EVERY_MS, step);
  };
  agenda.at(agenda.nowMs(), step);
}

function endedAttempt(lane: Lane, isAway: boolean) {
  const durationMs = isAway ? TIMEOUT_MS : ANSWER_MS;
  return { durationMs, isTimeout: isAway, isDelivered: !isAway, inFlight: lane.inFlight };
}
