import { failuresInARow, isToOpen, type Sign } from "../../domain/webhook/breaker.ts";
import { firstLaneLimit, isFailing, nextLaneLimit } from "../../domain/webhook/lane-limit.ts";
import {
  classRoom,
  laneRoom,
  type Shares,
  SLOT_CLASSES,
  type SlotClass,
  sharesOf,
} from "../../domain/webhook/slots.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { LaneRoom } from "../../storage/delivery-store.ts";
import type { LaneState } from "../../storage/entities/webhook-lane.ts";

/** A slot that is in use. */
export interface Slot {
  readonly lane: string;
  readonly slotClass: SlotClass;
  /** The receiver's own limit of attempts per second; null: none. */
  readonly rateLimit: number | null;
}

/** What an attempt that has ended says of its lane. */
export interface LaneNews {
  readonly sign: Sign;
  readonly durationMs: number;
  readonly isTimeout: boolean;
  readonly isDelivered: boolean;
}

/** What there is room for now, for a claim. */
export interface Rooms {
  readonly all: number;
  readonly classes: { readonly [slotClass in SlotClass]: number };
  /** Of lanes that differ from those that nobody knows anything of. */
  readonly lanes: readonly LaneRoom[];
  readonly otherLanes: number;
}

/** The lanes of one process: who uses its slots, and how receivers have been doing. */
export interface Lanes {
  /** Takes a slot for a claimed delivery, whatever the shares say: claims were made by them. */
  readonly take: (slot: Slot) => void;
  /**
   * Takes a slot for a delivery that has just arrived; false when there is none for it: its lane or all slots are in
   * use, older deliveries of the lane wait, or its breaker is open.
   */
  readonly tryTake: (slot: Slot) => boolean;
  readonly giveBack: (slot: Slot) => void;
  /** Learns from an attempt, whose slot is still taken; true when the lane is now to be opened. */
  readonly learn: (lane: string, news: LaneNews) => boolean;
  readonly rooms: () => Rooms;
  /** Deliveries of this lane wait for a slot: new ones stand behind them, until a claim has left room unused. */
  readonly queued: (lane: string) => void;
  /**
   * What a claim gave, of what it was asked: a lane that did not fill its room has no queue any more, one that did has
   * one. With `isThorough` also lanes without room count as having one: so what waits there gets its turn. True when
   * there may be more than there was room for.
   */
  readonly claimed: (rooms: Rooms, claimed: readonly Slot[], isThorough: boolean) => boolean;
  readonly hasQueue: (lane: string) => boolean;
  /** Resolves when a quarter of all slots is free and no lane that gets on has a queue, or after so long. */
  readonly untilFree: (longestMs: number) => Promise<void>;
  /** What Postgres says of lanes that do not flow. */
  readonly setStates: (states: ReadonlyMap<string, LaneState>) => void;
  readonly stateOf: (lane: string) => LaneState | "flowing";
  /** How many lanes are in these states. */
  readonly countStates: () => { readonly [state in LaneState]: number };
  /** Slots in use, by class. */
  readonly inUse: () => { readonly [slotClass in SlotClass]: number };
}

/** So many lanes that are not in use are remembered; those that have been idle are forgotten first. */
const MOST_IDLE = 10_000;
/** A lane gets on when something of it was delivered within so long. */
const GETS_ON_MS = 100;

/** All slots are free and nothing is known of any lane. */
export function createLanes(concurrency: number, clock: Clock): Lanes {
  const book = createLaneBook(sharesOf(concurrency));
  const waiting = createWaiting(() => isFree(book, clock));
  let states: ReadonlyMap<string, LaneState> = new Map();
  return {
    take: (slot) => book.move(slot, 1),
    tryTake: (slot) => {
      const isRoom = book.roomFor(slot) > 0 && !book.of(slot.lane).isQueued;
      if (!isRoom || states.get(slot.lane) === "open") return false;
      book.move(slot, 1);
      return true;
    },
    giveBack: (slot) => {
      book.move(slot, -1);
      waiting.look();
    },
    learn: (name, { sign, ...ended }) => {
      const { failures } = book.change(name, (lane, most) => {
        if (ended.isDelivered) lane.deliveredAtMs = clock();
        lane.failures = failuresInARow(lane.failures, sign);
        lane.limit = nextLaneLimit(lane.limit, { ...ended, inFlight: lane.inFlight }, most);
      });
      return isToOpen(failures) && states.get(name) !== "open";
    },
    rooms: book.rooms,
    queued: (name) => {
      book.of(name).isQueued = true;
    },
    claimed: (rooms, claimed, isThorough) => {
      const isCut = noteQueues(book, rooms, { claimed, isThorough });
      waiting.look();
      return isCut;
    },
    hasQueue: (name) => book.known().get(name)?.isQueued ?? false,
    untilFree: waiting.until,
    setStates: (now) => {
      states = now;
    },
    stateOf: (lane) => states.get(lane) ?? "flowing",
    countStates: () => {
      const open = [...states.values()].filter((state) => state === "open").length;
      return { open, recovering: states.size - open };
    },
    inUse: () => book.used().of,
  };
}

/** A quarter of all slots is free, and no lane that gets on has a queue. */
function isFree(book: LaneBook, clock: Clock): boolean {
  if (book.shares.all - book.used().all < book.shares.lane) return false;
  const recentMs = clock() - GETS_ON_MS;
  return ![...book.known().values()].some(({ isQueued, deliveredAtMs }) => isQueued && deliveredAtMs > recentMs);
}

interface Claimed {
  readonly claimed: readonly Slot[];
  readonly isThorough: boolean;
}

/** A lane that filled its room has a queue, one that did not has none. True when classes or slots cut the claim short. */
function noteQueues(book: LaneBook, asked: Rooms, { claimed, isThorough }: Claimed): boolean {
  const counts = Map.groupBy(claimed, ({ lane }) => lane);
  const classCounts = Map.groupBy(claimed, ({ slotClass }) => slotClass);
  const isClassFull = SLOT_CLASSES.some((one) => (classCounts.get(one)?.length ?? 0) >= asked.classes[one]);
  const isCut = isClassFull || claimed.length >= asked.all;
  const rooms = new Map(asked.lanes.map(({ lane, room }) => [lane, room]));
  for (const lane of counts.keys()) if (!rooms.has(lane)) rooms.set(lane, asked.otherLanes);
  for (const [lane, room] of rooms) {
    const count = counts.get(lane)?.length ?? 0;
    if (count >= room && (room > 0 || isThorough)) book.of(lane).isQueued = true;
    else if (count < room && !isCut) book.of(lane).isQueued = false;
  }
  return isCut;
}

/** Those that wait until something is true; it is looked at again whenever someone says so. */
function createWaiting(isTrue: () => boolean) {
  const waiting = new Set<() => void>();
  return {
    look: () => {
      if (waiting.size > 0 && isTrue()) for (const resolve of waiting) resolve();
    },
    until: async (longestMs: number) => {
      if (isTrue()) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      const timer = setTimeout(resolve, longestMs);
      await promise;
      clearTimeout(timer);
      waiting.delete(resolve);
    },
  };
}

interface Lane {
  inFlight: number;
  limit: number;
  failures: number;
  rateLimit: number | null;
  isQueued: boolean;
  deliveredAtMs: number;
}

type LaneBook = ReturnType<typeof createLaneBook>;

/** Who uses how many slots, and what is known of each lane. */
function createLaneBook(shares: Shares) {
  const lanes = new Map<string, Lane>();
  const used = { all: 0, of: { first: 0, retry: 0, replay: 0 }, failing: 0 };

  const laneOf = (name: string): Lane => {
    const known = lanes.get(name) ?? newLane(shares.lane);
    lanes.delete(name);
    lanes.set(name, known);
    if (lanes.size > MOST_IDLE) forgetIdle(lanes);
    return known;
  };
  const roomOf = (lane: Lane) => {
    // Half a second of the receiver's own limit: more would only wait for their turn, and what happens now behind them.
    const limit = Math.min(lane.limit, lane.rateLimit === null ? lane.limit : Math.ceil(lane.rateLimit / 2));
    return laneRoom({ inFlight: lane.inFlight, limit, isFailing: isFailing(lane, shares.lane) }, used, shares);
  };
  /** If the lane fails or no longer fails by a change, its slots move from one share to the other. */
  const change = (name: string, how: (lane: Lane, most: number) => void): Lane => {
    const lane = laneOf(name);
    if (isFailing(lane, shares.lane)) used.failing -= lane.inFlight;
    how(lane, shares.lane);
    if (isFailing(lane, shares.lane)) used.failing += lane.inFlight;
    return lane;
  };
  return {
    shares,
    of: laneOf,
    change,
    used: () => used,
    known: (): ReadonlyMap<string, Lane> => lanes,
    roomFor: ({ lane: name, slotClass, rateLimit }: Slot): number => {
      const lane = laneOf(name);
      lane.rateLimit = rateLimit;
      return Math.min(roomOf(lane), classRoom(slotClass, used, shares));
    },
    move: ({ lane: name, slotClass, rateLimit }: Slot, by: 1 | -1): void => {
      used.all += by;
      used.of[slotClass] += by;
      const lane = change(name, (one) => Object.assign(one, { inFlight: one.inFlight + by, rateLimit }));
      if (isForgettable(lane, shares.lane)) lanes.delete(name);
    },
    rooms: (): Rooms => {
      const all = shares.all - used.all;
      const [first, retry, replay] = [
        classRoom("first", used, shares),
        classRoom("retry", used, shares),
        classRoom("replay", used, shares),
      ];
      return {
        ...{ all, classes: { first, retry, replay } },
        lanes: [...lanes].map(([lane, known]) => ({ lane, room: roomOf(known), inFlight: known.inFlight })),
        otherLanes: Math.min(firstLaneLimit(shares.lane), all),
      };
    },
  };
}

function newLane(most: number): Lane {
  return { inFlight: 0, limit: firstLaneLimit(most), failures: 0, rateLimit: null, isQueued: false, deliveredAtMs: 0 };
}

/** A lane of which nothing is known but what is true of any. */
function isForgettable(lane: Lane, most: number): boolean {
  return lane.inFlight === 0 && !lane.isQueued && lane.failures === 0 && lane.limit === firstLaneLimit(most);
}

function forgetIdle(lanes: Map<string, Lane>): void {
  for (const [name, { inFlight }] of lanes) {
    if (inFlight > 0) continue;
    lanes.delete(name);
    return;
  }
}
