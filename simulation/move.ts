import type { Actor, Command, CommandType } from "../domain/commands.ts";
import type { UserRecord } from "../domain/decision.ts";
import type { PartnerSnapshot } from "../domain/partner.ts";
import type { Values } from "../domain/user/fields.ts";
import type { Random } from "./random.ts";

/** What somebody who is about to do something knows of a user: what is stored now, and so perhaps soon out of date. */
export interface Scene {
  readonly random: Random;
  readonly referenceId: string;
  readonly record: UserRecord;
  readonly partner: PartnerSnapshot;
  /** The sender's time. */
  readonly now: string;
  /** What was sent about the user so far, oldest first. */
  readonly sent: readonly Command[];
  /** An id that no provider has used before. */
  readonly newEventId: () => string;
}

type Payload<Type extends CommandType> = Extract<Command, { readonly type: Type }>["payload"];

/** What a command says, without its envelope. */
export interface Said<Type extends CommandType> {
  readonly payload: Payload<Type>;
  readonly values?: Values;
}

interface MoveOf<Type extends CommandType> {
  readonly type: Type;
  readonly actor: Actor["kind"];
  /** How much sense it makes now: what is meant to happen next about 10, what is possible 1, what is wrong below 1. */
  readonly weight: (scene: Scene) => number;
  readonly say: (scene: Scene) => Said<Type>;
}

/** Something that an actor can do: one entry, and the simulation does it. */
export type Move = { readonly [Type in CommandType]: MoveOf<Type> }[CommandType];

/** The newest of a kind mostly, an older one sometimes; undefined when there is none. */
export function someOf<Thing>(random: Random, things: readonly Thing[]): Thing | undefined {
  if (things.length === 0) return undefined;
  return random.chance(0.8) ? things.at(-1) : random.pick(things);
}
