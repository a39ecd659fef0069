import type { Command } from "../domain/commands.ts";
import { commandMessage } from "../messaging/command-message.ts";
import { classify } from "../messaging/failure-policy.ts";
import type { Outcome } from "../messaging/handle-messages.ts";
import type { OutgoingMessage, Publisher } from "../messaging/publisher.ts";
import { childOf, parseTraceparent } from "../runtime/trace.ts";

/** A command that follows from something, and what it follows from. */
export interface DerivedCommand {
  readonly command: Command;
  /** The message or record it was derived from. */
  readonly causationId: string;
  /** The trace that goes on with it; a new one begins without. */
  readonly traceparent?: string | undefined;
}

/** What a message became: a command, or a reason why nobody can make one of it. */
export type Derived = ({ readonly kind: "command" } & DerivedCommand) | Extract<Outcome, { readonly kind: "park" }>;

/** The message of a derived command: it also names what it follows from. */
export function derivedMessage({ command, causationId, traceparent }: DerivedCommand): OutgoingMessage {
  const message = commandMessage(command, childOf(parseTraceparent(traceparent)));
  return { ...message, headers: { ...message.headers, causationId } };
}

/**
 * Publishes the commands among `derived`, in order, and gives one outcome each: `done` once Kafka has acknowledged it.
 * A command that does not fit the contract is parked alone. Everything else that goes wrong is thrown: nothing of it may
 * be called done then.
 */
export async function publishDerived(
  publisher: Pick<Publisher, "publishAll">,
  derived: readonly Derived[],
): Promise<readonly Outcome[]> {
  const commands = derived.filter((one) => one.kind === "command");
  const failed = new Map<Derived, Outcome>();
  try {
    await publisher.publishAll(commands.map(derivedMessage));
  } catch (error) {
    if (classify(error).kind !== "final") throw error;
    for (const one of commands) failed.set(one, await publishAlone(publisher, one));
  }
  return derived.map((one): Outcome => (one.kind === "park" ? one : (failed.get(one) ?? { kind: "done" })));
}

async function publishAlone(publisher: Pick<Publisher, "publishAll">, derived: DerivedCommand): Promise<Outcome> {
  try {
    await publisher.publishAll([derivedMessage(derived)]);
    return { kind: "done" };
  } catch (error) {
    const { kind } = classify(error);
    if (kind !== "final" || !(error instanceof Error)) throw error;
    return { kind: "park", reason: "COMMAND_REFUSED", detail: error.message };
  }
}
