import type { UserEvent } from "../../domain/events.ts";
import { userEventValue } from "../../domain/outgoing.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { TopicKey } from "../../schemas/topics.ts";
import type { OutboxEntity } from "../entities/outbox.ts";
import { isoTime } from "../mapping/iso-time.ts";
import type { Row } from "../tables.ts";
import type { OutgoingMessage, ParkedValue } from "./batch.ts";

type OutboxRow = Row<typeof OutboxEntity>;

/** The message of an event. */
export function eventMessage(outboxId: bigint, event: Omit<UserEvent, "private" | "actor">): OutgoingMessage {
  const { eventId, type, at, commandId } = event;
  const headers = { messageId: eventId, type, occurredAt: at, causationId: commandId };
  return { outboxId, topic: "userEvents", key: addressKey(event.address), value: userEventValue(event), headers };
}

/** The message that parks something. */
export function parkedMessage(outboxId: bigint, parked: { key: string; value: unknown }): OutgoingMessage {
  const { parkedAt } = parked.value as ParkedValue;
  const headers = { messageId: `parked_${outboxId}`, type: "parked", occurredAt: parkedAt };
  return { outboxId, topic: "parked", key: parked.key, value: parked.value, headers };
}

/** The message that asks another system for something; its id is the request's idempotency key. */
export function requestMessage(
  row: Pick<OutboxRow, "id" | "message_key" | "reference" | "action" | "created_at">,
  topic: TopicKey,
  value: unknown,
): OutgoingMessage {
  const messageId = [row.reference, row.action].filter((part) => part !== null).join("/");
  const headers = { messageId, type: topic, occurredAt: isoTime(row.created_at) };
  return { outboxId: BigInt(row.id), topic, key: row.message_key, value, headers };
}
