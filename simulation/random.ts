/** Chance that repeats itself: the same seed gives the same numbers for ever. */
export interface Random {
  /** A number from 0 (inclusive) to 1. */
  readonly next: () => number;
  /** A whole number from 0 (inclusive) to `below`. */
  readonly below: (below: number) => number;
  /** True with that probability, 0..1. */
  readonly chance: (probability: number) => boolean;
  /** One of them, each equally likely; there must be one. */
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** One of them, as likely as its weight says; undefined when nothing has any weight. */
  readonly weighted: <Item>(items: readonly Item[], weightOf: (item: Item) => number) => Item | undefined;
}

/** The only source of chance in a simulation (Mulberry32: 32 bits of state, passes what a simulation asks of it). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => chosen(items, below(items.length)),
    weighted: (items, weightOf) => {
      const weights = items.map(weightOf);
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0);
      return items.find((_, index) => {
        left -= weights[index] ?? 0;
        return left < 0;
      });
    },
  };
}

function chosen<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError("there is nothing to pick from");
  return item;
}
