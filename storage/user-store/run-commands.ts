import type { Command } from "../../domain/commands.ts";
import { decide } from "../../domain/decide.ts";
import type { Decision, DecisionContext, Effect } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import type { PartnerSnapshot } from "../../domain/partner.ts";
import { type Refusal, refusal } from "../../domain/refusals.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { StoredDecision } from "../decisions.ts";
import type { BatchMessage, ParkedValue } from "./batch.ts";
import { addressOf, type WorkingSet, type WorkingUser } from "./working-set.ts";

/** Something that happened while the batch ran and has to be written and published, in this order. */
export type Leaving =
  | { readonly kind: "event"; readonly event: UserEvent }
  | { readonly kind: "effect"; readonly effect: Effect; readonly user: WorkingUser; readonly offset: bigint }
  | { readonly kind: "parked"; readonly key: string; readonly value: ParkedValue };

/** One command with its decision; `isRepeated` when it was decided before and only the answer is sent again. */
export interface DecidedCommand {
  readonly command: Command;
  readonly decision: StoredDecision;
  readonly isRepeated: boolean;
}

/** All that a batch led to, before anything of it is written. */
export interface RunResult {
  readonly decided: readonly DecidedCommand[];
  readonly leaving: readonly Leaving[];
}

export interface RunContext extends Omit<DecisionContext, "partner" | "newId"> {
  readonly partnerOf: (command: Command) => PartnerSnapshot;
  /** Chance needs no commandId; a simulation lets the id follow from it. */
  readonly newId: (kind: Parameters<DecisionContext["newId"]>[0], partner: string, commandId: string) => string;
  /** Decisions of earlier batches, by command and user. */
  readonly known: ReadonlyMap<string, StoredDecision>;
}

/**
 * Decides the messages of a batch one after the other; a later command of a user sees the effect of the earlier ones. A
 * command that has a decision changes nothing and gets the same answer again.
 */
export function runCommands(messages: readonly BatchMessage[], users: WorkingSet, context: RunContext): RunResult {
  const known = new Map(context.known);
  const decided: DecidedCommand[] = [];
  const leaving: Leaving[] = [];
  for (const message of messages) {
    if (message.kind === "parked") {
      leaving.push({ kind: "parked", key: message.parked.original.key ?? "", value: message.parked });
      continue;
    }
    const { command } = message;
    const identity = commandIdentity(command.commandId, command);
    const before = known.get(identity);
    if (before !== undefined) {
      decided.push({ command, decision: before, isRepeated: true });
      continue;
    }
    const { decision, left } = runOne(message, users.of(addressOf(command)), context);
    known.set(identity, decision);
    decided.push({ command, decision, isRepeated: false });
    leaving.push(...left);
  }
  return { decided, leaving };
}

/** What makes two commands the same: the id, inside one user. */
export function commandIdentity(commandId: string, { partner, environment, referenceId }: UserAddress): string {
  return JSON.stringify([commandId, partner, environment, referenceId]);
}

type CommandMessage = BatchMessage & { readonly kind: "command" };

function runOne(
  message: CommandMessage,
  user: WorkingUser,
  context: RunContext,
): { decision: StoredDecision; left: readonly Leaving[] } {
  const { command, poison, offset } = message;
  if (poison !== null) {
    const left: Leaving = { kind: "parked", key: poison.original.key ?? "", value: poison };
    return { decision: refusedDecision(command, "failed", refusal("INTERNAL_ERROR")), left: [left] };
  }
  const { partnerOf, newId, now, addresses } = context;
  const decision = decide(command, user.current, {
    now,
    addresses,
    partner: partnerOf(command),
    newId: (kind) => newId(kind, command.partner, command.commandId),
  });
  if (decision.outcome === "refused") {
    return { decision: refusedDecision(command, "refused", decision.refusal), left: [] };
  }
  user.current = decision.record;
  user.lastConfirmed = withConfirmations(user, decision);
  const events = decision.events.map((event): Leaving => ({ kind: "event", event }));
  const effects = decision.effects.map((effect): Leaving => ({ kind: "effect", effect, user, offset }));
  const { commandId } = command;
  return {
    decision: { commandId, outcome: "applied", answer: decision.answer, refusal: null },
    left: [...events, ...effects],
  };
}

function refusedDecision({ commandId }: Command, outcome: "refused" | "failed", refused: Refusal): StoredDecision {
  return { commandId, outcome, answer: null, refusal: refused };
}

/** A5: an equal word changes nothing but the time at which it was last said. */
function withConfirmations(
  user: WorkingUser,
  decision: Decision & { readonly outcome: "applied" },
): WorkingUser["lastConfirmed"] {
  let { lastConfirmed } = user;
  for (const { path, source, at } of decision.confirmations) {
    lastConfirmed = { ...lastConfirmed, [path]: { ...lastConfirmed[path], [source]: at } };
  }
  return lastConfirmed;
}
