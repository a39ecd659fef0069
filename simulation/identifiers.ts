import type { RunContext } from "../storage/user-store/run-commands.ts";

/** Ids that follow from what they are for: chance has no part in them. */
export interface Identifiers {
  /** The id of the next command of a partner. */
  readonly nextCommandId: (partner: string) => string;
  /**
   * The ids that a command hands out follow from its own, so that a batch which is tried again, or a history from which
   * other commands were left out, has the same ones.
   */
  readonly newId: RunContext["newId"];
  /** A batch begins, perhaps one that was undone: its first command is given what it would have been given then. */
  readonly startOver: () => void;
}

const LENGTH = 12;
const ORDINAL_LENGTH = 3;

/** Counts commands, and what each of them makes. */
export function createIdentifiers(): Identifiers {
  let commands = 0;
  let current = "";
  let made = 0;
  return {
    nextCommandId: (partner) => {
      commands += 1;
      return `cmd_${partner}_${padded(commands, LENGTH - ORDINAL_LENGTH)}${padded(0, ORDINAL_LENGTH)}`;
    },
    newId: (kind, partner, commandId) => {
      made = commandId === current ? made + 1 : 1;
      current = commandId;
      return `${kind}_${partner}_${commandId.slice(-LENGTH, -ORDINAL_LENGTH)}${padded(made, ORDINAL_LENGTH)}`;
    },
    startOver: () => {
      current = "";
    },
  };
}

function padded(number: number, length: number): string {
  return String(number).padStart(length, "0");
}
