/**
 * What a slot is used for: the first attempt of an event that just happened, a retry, or what somebody asked for again.
 * In this order, when there is not room for all.
 */
export const SLOT_CLASSES = ["first", "retry", "replay"] as const;

export type SlotClass = (typeof SLOT_CLASSES)[number];

/** The part of all slots that each may use at most, so that none of them takes all from the others. */
const SHARES: { readonly [slotClass in SlotClass]: number } = { first: 7 / 8, retry: 1 / 2, replay: 1 / 4 };

/** Lanes that fail share this part, so that a hundred dead receivers cost their neighbours nothing. */
const FAILING_SHARE = 1 / 4;

/** No lane gets more than this part, however well it does. */
const LANE_SHARE = 1 / 4;

/** The slots of one process, cut into shares; each is at least one. */
export interface Shares {
  readonly all: number;
  readonly of: { readonly [slotClass in SlotClass]: number };
  readonly failing: number;
  readonly lane: number;
}

/** Cuts `all` slots into shares. */
export function sharesOf(all: number): Shares {
  const part = (share: number) => Math.max(1, Math.floor(all * share));
  const of = { first: part(SHARES.first), retry: part(SHARES.retry), replay: part(SHARES.replay) };
  return { all, of, failing: part(FAILING_SHARE), lane: part(LANE_SHARE) };
}

/** Slots in use: of all, of each class, and by failing lanes. */
export interface SlotsInUse {
  readonly all: number;
  readonly of: { readonly [slotClass in SlotClass]: number };
  readonly failing: number;
}

export interface LaneInUse {
  readonly inFlight: number;
  readonly limit: number;
  readonly isFailing: boolean;
}

/** How many more attempts of a class all lanes together may begin. */
export function classRoom(slotClass: SlotClass, slots: SlotsInUse, shares: Shares): number {
  return Math.max(0, Math.min(shares.all - slots.all, shares.of[slotClass] - slots.of[slotClass]));
}

/** How many more attempts a lane may begin, of whatever class. */
export function laneRoom(lane: LaneInUse, slots: SlotsInUse, shares: Shares): number {
  const rooms = [shares.all - slots.all, lane.limit - lane.inFlight];
  if (lane.isFailing) rooms.push(shares.failing - slots.failing);
  return Math.max(0, Math.min(...rooms));
}
