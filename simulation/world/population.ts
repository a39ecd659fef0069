import type { Command } from "../../domain/commands.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { AppliedStep } from "../history/saved-history.ts";
import type { Random } from "../random.ts";

/** A user about whom things are happening. */
export interface Person {
  readonly address: UserAddress;
  /** What was sent about the user, oldest first. */
  readonly sent: Command[];
  /** What the store has applied, for a saved history. */
  readonly applied: AppliedStep[];
  /** After so many commands nobody sends anything more. */
  readonly lifetime: number;
}

/** So many users live at a time; when one's life is over another takes the place, so that memory stays bounded. */
export interface Population {
  readonly living: () => readonly Person[];
  readonly find: (address: UserAddress) => Person | undefined;
  /** Somebody about whom something may still be sent; undefined when all of them have had their time. */
  readonly someone: () => Person | undefined;
  /** Replaces those whose life is over and whom nothing holds any more. */
  readonly retire: (mayGo: (person: Person) => boolean) => readonly Person[];
  readonly born: () => number;
}

const SHORTEST = 15;
const LONGEST = 70;

/** Begins with `size` users of the partners, in turn. */
export function createPopulation(random: Random, partners: readonly string[], size: number): Population {
  const people = new Map<string, Person>();
  let born = 0;
  const bear = (): void => {
    born += 1;
    const partner = partners[born % partners.length] ?? "acme";
    const address = { partner, environment: "test", referenceId: `user_${born}` } as const;
    const lifetime = SHORTEST + random.below(LONGEST - SHORTEST);
    people.set(addressKey(address), { address, sent: [], applied: [], lifetime });
  };
  while (people.size < size) bear();
  return {
    living: () => [...people.values()],
    find: (address) => people.get(addressKey(address)),
    someone: () => random.weighted([...people.values()], ({ sent, lifetime }) => (sent.length < lifetime ? 1 : 0)),
    retire: (mayGo) => {
      const gone = [...people.values()].filter((person) => person.sent.length >= person.lifetime && mayGo(person));
      for (const { address } of gone) people.delete(addressKey(address));
      while (people.size < size) bear();
      return gone;
    },
    born: () => born,
  };
}
