import type { UserAddress } from "../domain/user/user.ts";
import type { Codec } from "../messaging/codec.ts";
import { type DecodedMessage, handleMessages } from "../messaging/handle-messages.ts";
import type { Publisher } from "../messaging/publisher.ts";
import { type ConsumerSettings, type RunningConsumer, runConsumer } from "../messaging/run-consumer.ts";
import type { OperationUpdateMessage } from "../schemas/generated.ts";
import { operationUpdateCommand } from "./operation-updates/to-command.ts";
import { publishDerived } from "./publish-commands.ts";

export interface OperationUpdatesSettings {
  readonly consumer: Omit<ConsumerSettings, "onBatch" | "onAssigned">;
  readonly codec: Codec;
  readonly publisher: Pick<Publisher, "publishAll">;
  /** Whose these operations are; unknown ones are left out. */
  readonly findAddresses: (operationIds: readonly string[]) => Promise<ReadonlyMap<string, UserAddress>>;
}

/**
 * Turns what the internal payment system reports into commands; decides nothing. The offset moves only when Kafka has
 * acknowledged the commands.
 */
export function createOperationUpdates(settings: OperationUpdatesSettings): RunningConsumer {
  const { consumer, codec, publisher, findAddresses } = settings;
  const { name, metrics, clock } = consumer;
  const handle = async (messages: readonly DecodedMessage[]) => {
    const arrivals = messages.map((message) => ({ ...message, value: message.value as OperationUpdateMessage }));
    const known = await findAddresses([...new Set(arrivals.map(({ value }) => value.operationId))]);
    const issuedAt = new Date(clock()).toISOString();
    return publishDerived(
      publisher,
      arrivals.map((arrival) => operationUpdateCommand(arrival, known, issuedAt)),
    );
  };
  const handling = { topic: "operationUpdates", consumerName: name, codec, publisher, handle, metrics, clock } as const;
  return runConsumer({ ...consumer, onBatch: handleMessages(handling) });
}
