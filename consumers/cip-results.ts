import type { UserAddress } from "../domain/user/user.ts";
import type { Codec } from "../messaging/codec.ts";
import { type DecodedMessage, handleMessages } from "../messaging/handle-messages.ts";
import type { Publisher } from "../messaging/publisher.ts";
import { type ConsumerSettings, type RunningConsumer, runConsumer } from "../messaging/run-consumer.ts";
import type { CipResultMessage } from "../schemas/generated.ts";
import { cipResultCommand } from "./cip-results/to-command.ts";
import { publishDerived } from "./publish-commands.ts";

export interface CipResultsSettings {
  readonly consumer: Omit<ConsumerSettings, "onBatch" | "onAssigned">;
  readonly codec: Codec;
  readonly publisher: Pick<Publisher, "publishAll">;
  /** Whose these attempts are; unknown ones are left out. */
  readonly findAddresses: (attemptIds: readonly string[]) => Promise<ReadonlyMap<string, UserAddress>>;
}

/**
 * Turns what the internal CIP system reports into commands; decides nothing. The offset moves only when Kafka has
 * acknowledged the commands.
 */
export function createCipResults({ consumer, codec, publisher, findAddresses }: CipResultsSettings): RunningConsumer {
  const { name, metrics, clock } = consumer;
  const handle = async (messages: readonly DecodedMessage[]) => {
    const arrivals = messages.map((message) => ({ ...message, value: message.value as CipResultMessage }));
    const named = arrivals.flatMap(({ value }) => (value.attemptId === undefined ? [] : [value.attemptId]));
    const known = await findAddresses([...new Set(named)]);
    const issuedAt = new Date(clock()).toISOString();
    return publishDerived(
      publisher,
      arrivals.map((arrival) => cipResultCommand(arrival, known, issuedAt)),
    );
  };
  const settings = { topic: "cipResults", consumerName: name, codec, publisher, handle, metrics, clock } as const;
  return runConsumer({ ...consumer, onBatch: handleMessages(settings) });
}
