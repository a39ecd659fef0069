import type { UserEvent } from "../../domain/events.ts";
import type { Decided } from "../store/table.ts";

/** What occurred how often, by name: so that one sees that the interesting cases are among it. */
export interface Tally {
  readonly commands: ReadonlyMap<string, number>;
  readonly refusals: ReadonlyMap<string, number>;
  readonly events: ReadonlyMap<string, number>;
  /** Faults and accidents of the world. */
  readonly accidents: ReadonlyMap<string, number>;
  readonly countDecided: (decided: Decided) => void;
  readonly countEvent: (event: UserEvent) => void;
  readonly countAccident: (name: string) => void;
}

/** Nothing has occurred yet. */
export function createTally(): Tally {
  const commands = new Map<string, number>();
  const refusals = new Map<string, number>();
  const events = new Map<string, number>();
  const accidents = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    commands,
    refusals,
    events,
    accidents,
    countDecided: ({ command, decision, isRepeated }) => {
      count(commands, `${command.type} ${isRepeated ? "repeated" : decision.outcome}`);
      if (decision.refusal !== null) count(refusals, decision.refusal.code);
    },
    countEvent: ({ type }) => count(events, type),
    countAccident: (name) => count(accidents, name),
  };
}
