import type { Codec } from "../messaging/codec.ts";
import { type DecodedMessage, handleMessages } from "../messaging/handle-messages.ts";
import type { Publisher } from "../messaging/publisher.ts";
import { type ConsumerSettings, type RunningConsumer, runConsumer } from "../messaging/run-consumer.ts";
import type { ParkedMessage } from "../schemas/generated.ts";
import type { NewParkedMessage } from "../storage/configuration/parked-messages.ts";

export interface ParkedSettings {
  readonly consumer: Omit<ConsumerSettings, "onBatch" | "onAssigned">;
  readonly codec: Codec;
  readonly publisher: Pick<Publisher, "publishAll">;
  /** Stores what was parked; harmless when it is stored already. */
  readonly store: (messages: readonly NewParkedMessage[]) => Promise<void>;
}

/** Keeps what was parked where operators can list, replay and drop it. Changes nothing else. */
export function createParked({ consumer, codec, publisher, store }: ParkedSettings): RunningConsumer {
  const { name, metrics, clock } = consumer;
  const handle = async (messages: readonly DecodedMessage[]) => {
    await store(messages.map(toStored));
    return messages.map(() => ({ kind: "done" }) as const);
  };
  const handling = { topic: "parked", consumerName: name, codec, publisher, handle, metrics, clock } as const;
  return runConsumer({ ...consumer, onBatch: handleMessages(handling) });
}

function toStored({ partition, offset, value }: DecodedMessage): NewParkedMessage {
  const { reason, detail, consumer, original, rawBase64, parkedAt } = value as ParkedMessage;
  return { parkedId: `${partition}-${offset}`, reason, detail, consumer, ...original, rawBase64, parkedAt };
}
