import type { Publisher } from "../../messaging/publisher.ts";
import type { Due, DueSearch } from "../../storage/queries/due.ts";
import { type DerivedCommand, derivedMessage } from "../publish-commands.ts";
import type { RecentlyPublished } from "./recently-published.ts";

export interface DueSettings {
  /** What is due at `until` or before, longest first. */
  readonly find: (search: DueSearch) => Promise<readonly Due[]>;
  readonly until: string;
  readonly toCommand: (due: Due) => DerivedCommand;
  readonly publisher: Pick<Publisher, "publishAll">;
  readonly recent: RecentlyPublished;
  /** Asked before every part: false ends it, because another process has taken over. */
  readonly isOurTurn: () => Promise<boolean>;
}

const PART = 500;
/** A backlog larger than this goes on when the users consumer has dealt with the beginning. */
const MOST_PARTS = 20;

/** How many due things one round looks at, at most. */
export const MOST_DUE_PER_ROUND = PART * MOST_PARTS;

/**
 * Publishes a command for everything that is due and was not published lately. What is due stays so until the users
 * consumer has dealt with it, so it is found again every time. Gives how many were published.
 */
export async function publishDue(settings: DueSettings): Promise<number> {
  const { find, until, toCommand, publisher, recent, isOurTurn } = settings;
  let published = 0;
  let after: Due | undefined;
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const due = await find({ until, limit: PART, ...(after === undefined ? {} : { after }) });
    const commands = due.map(toCommand).filter(({ command }) => !recent.has(command.commandId));
    if (commands.length > 0) {
      if (!(await isOurTurn())) return published;
      await publisher.publishAll(commands.map(derivedMessage));
      recent.add(commands.map(({ command }) => command.commandId));
      published += commands.length;
    }
    if (due.length < PART) return published;
    after = due.at(-1);
  }
  return published;
}
