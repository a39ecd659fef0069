import type { Command } from "./commands.ts";
import type { Answer, Confirmation, Decision, DecisionContext, Effect, UserRecord } from "./decision.ts";
import type { Happening, UserEvent } from "./events.ts";
import { evolve } from "./evolve.ts";
import { addMilliseconds, isBefore } from "./time.ts";
import type { Path, Source } from "./user/fields.ts";
import type { User } from "./user/user.ts";

/**
 * A decision in the making. Rules look at `record`, emit what happens, and see its effect at once; nothing of it exists
 * for anybody else until the whole decision is stored. Purely local: the same inputs give the same decision.
 */
export interface Change {
  readonly command: Command;
  readonly context: DecisionContext;
  /** One time for all that a command causes; per user it never goes back (G1, G3). */
  readonly at: string;
  record(): UserRecord;
  /** The user; only to be asked for once it is sure that there is one. */
  user(): User;
  /** Gives the happening its place in the user's history and applies it. */
  emit(happening: Happening): void;
  /** Something besides an event that has to leave. */
  require(effect: Effect): void;
  /** Replaces the results that wait for their attempt or operation (B2). */
  holdResults(heldResults: UserRecord["heldResults"]): void;
  /** A source said again what it had said (A5). */
  confirm(path: Path, source: Source): void;
  applied(answer: Answer): Decision;
}

/** Starts a decision about one user. */
export function beginChange(command: Command, initial: UserRecord, context: DecisionContext): Change {
  const events: UserEvent[] = [];
  const effects: Effect[] = [];
  const confirmations: Confirmation[] = [];
  let record = initial;
  const at = timeOf(initial.user, context.now);
  const version = (initial.user?.version ?? 0) + 1;
  return {
    command,
    context,
    at,
    record: () => record,
    user: () => existing(record.user),
    emit(happening) {
      const userId = happening.type === "user.created" ? happening.data.userId : existing(record.user).userId;
      const { partner, environment, referenceId, commandId, actor } = command;
      const event: UserEvent = {
        ...happening,
        eventId: context.newId("evt"),
        address: { partner, environment, referenceId },
        userId,
        sequence: (record.user?.lastSequence ?? 0) + 1,
        userVersion: version,
        at,
        commandId,
        actor,
      };
      events.push(event);
      record = evolve(record, event);
    },
    require: (effect) => void effects.push(effect),
    holdResults: (heldResults) => {
      record = { ...record, heldResults };
    },
    confirm: (path, source) => void confirmations.push({ path, source, at }),
    applied: (answer) => ({ outcome: "applied", answer, events, record, effects, confirmations }),
  };
}

function timeOf(user: User | null, now: string): string {
  if (user === null) return now;
  const earliest = addMilliseconds(user.lastAt, 1);
  return isBefore(now, earliest) ? earliest : now;
}

function existing(user: User | null): User {
  if (user === null) throw new Error("a rule touched a user before user.created");
  return user;
}
