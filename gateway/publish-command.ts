import type { Command } from "../domain/commands.ts";
import { commandMessage } from "../messaging/command-message.ts";
import { BrokerAway, OutcomeUnknown } from "../messaging/publish-errors.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Trace } from "../runtime/trace.ts";
import type { StoredDecision } from "../storage/decisions.ts";
import { RETRY_AFTER_SECONDS } from "./http-errors.ts";
import { RequestRefused } from "./request-refused.ts";
import type { Waiting } from "./waiting.ts";

/** The part of the publisher that a command needs; resolves once all replicas have the message. */
export interface CommandPublisher {
  readonly publish: (message: {
    readonly topic: "userCommands";
    readonly key: string;
    readonly value: Command;
    readonly headers: Readonly<Record<string, string>>;
  }) => Promise<void>;
}

export interface CommandPublishing {
  readonly publisher: CommandPublisher;
  readonly waiting: Waiting;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, "decisionLatency">;
}

export interface Publishing {
  readonly trace: Trace;
  /** An earlier request with the same Idempotency-Key may have sent this command already. */
  readonly isRepeat: boolean;
}

/**
 * Publishes a command and waits for its decision; null when Kafka has it but no decision came in time. Refuses with
 * UNAVAILABLE when nothing was ever sent, and with OUTCOME_UNKNOWN when it was sent and not acknowledged in time, unless
 * the decision is there all the same.
 */
export type PublishCommand = (command: Command, publishing: Publishing) => Promise<StoredDecision | null>;

/** Publishes through one publisher and waits in one place, for the whole process. */
export function createPublishCommand({ publisher, waiting, clock, metrics }: CommandPublishing): PublishCommand {
  return async (command, { trace, isRepeat }) => {
    const startedAt = clock();
    const { decision, cancel } = waiting.expect(command.commandId);
    try {
      await publisher.publish(commandMessage(command, trace));
    } catch (error) {
      cancel();
      const early = error instanceof OutcomeUnknown ? await decision : null;
      if (early === null) throw refusedFor(error, command.commandId, isRepeat);
    }
    const decided = await decision;
    metrics.decisionLatency.observe({ outcome: decided?.outcome ?? "undecided" }, (clock() - startedAt) / 1_000);
    return decided;
  };
}

function refusedFor(cause: unknown, commandId: string, isRepeat: boolean): unknown {
  const headers = { "Retry-After": RETRY_AFTER_SECONDS };
  if (cause instanceof OutcomeUnknown || (cause instanceof BrokerAway && isRepeat)) {
    return new RequestRefused("OUTCOME_UNKNOWN", { headers, facts: { commandId }, cause });
  }
  return cause instanceof BrokerAway ? new RequestRefused("UNAVAILABLE", { headers, cause }) : cause;
}
