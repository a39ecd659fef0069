import { cipRequestValue, operationRequestValue } from "../../domain/outgoing.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { TopicKey } from "../../schemas/topics.ts";
import type { OutgoingMessage, ParkedValue } from "./batch.ts";
import { eventMessage, parkedMessage, requestMessage } from "./outgoing-message.ts";
import type { Leaving } from "./run-commands.ts";

/** Where and when a batch was decided. */
export interface BatchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly now: string;
}

/** Something that leaves: its row of the outbox, and its message once the row has its id. */
export interface Draft {
  readonly row: Readonly<Record<string, unknown>>;
  readonly message: (outboxId: bigint) => OutgoingMessage;
}

/** Drafts what leaves; pure, so that a twin of the store says the same. */
export function draftOf(left: Leaving, place: BatchPlace): Draft {
  switch (left.kind) {
    case "event": {
      const { event } = left;
      const key = addressKey(event.address);
      const named = { user_id: event.userId, sequence: event.sequence };
      return {
        row: outboxRow(place, { topic: "userEvents", kind: "event", key, named }),
        message: (id) => eventMessage(id, event),
      };
    }
    case "parked":
      return parkedDraft(left.key, left.value, place);
    case "effect":
      return effectDraft(left, place);
    default:
      return left satisfies never;
  }
}

function effectDraft({ effect, user, offset }: Leaving & { readonly kind: "effect" }, place: BatchPlace): Draft {
  const key = addressKey(user.address);
  const owner = { userId: user.current.user?.userId ?? "", address: user.address };
  switch (effect.kind) {
    case "request_cip": {
      const attempt = named(user.current.attempts, ({ attemptId }) => attemptId === effect.attemptId);
      const request = { reference: effect.attemptId, action: null, key };
      return requestDraft(
        "cipRequests",
        { kind: "cip_request", request, value: cipRequestValue(attempt, owner) },
        place,
      );
    }
    case "request_operation": {
      const operation = named(user.current.operations, ({ operationId }) => operationId === effect.operationId);
      const request = { reference: effect.operationId, action: effect.action, key };
      const value = operationRequestValue(operation, effect.action, owner);
      return requestDraft("operationRequests", { kind: "operation_request", request, value }, place);
    }
    case "park_held_result": {
      const { held, reason } = effect;
      const value: ParkedValue = {
        reason: "unknown_for_too_long",
        detail: `${reason}; it was held since ${held.heldAt}`,
        consumer: "users",
        original: { topic: place.topic, partition: place.partition, offset: offset.toString(), key },
        rawBase64: Buffer.from(JSON.stringify(held.held)).toString("base64"),
        parkedAt: place.now,
      };
      return parkedDraft(key, value, place);
    }
    default:
      return effect satisfies never;
  }
}

function parkedDraft(key: string, value: ParkedValue, place: BatchPlace): Draft {
  const row = outboxRow(place, { topic: "parked", kind: "parked", key, named: { payload: value } });
  return { row, message: (id) => parkedMessage(id, { key, value }) };
}

interface RequestDraft {
  readonly kind: "cip_request" | "operation_request";
  readonly request: { readonly reference: string; readonly action: "execute" | "cancel" | null; readonly key: string };
  readonly value: unknown;
}

function requestDraft(topic: TopicKey, { kind, request, value }: RequestDraft, place: BatchPlace): Draft {
  const { reference, action, key } = request;
  const row = outboxRow(place, { topic, kind, key, named: { reference, action } });
  const described = { message_key: key, reference, action, created_at: place.now };
  return { row, message: (id) => requestMessage({ ...described, id: id.toString() }, topic, value) };
}

interface RowFacts {
  readonly topic: TopicKey;
  readonly kind: string;
  readonly key: string;
  readonly named: Readonly<Record<string, unknown>>;
}

function outboxRow(place: BatchPlace, { topic, kind, key, named }: RowFacts): Readonly<Record<string, unknown>> {
  return { source_partition: place.partition, topic, kind, message_key: key, created_at: place.now, ...named };
}

function named<Item>(items: readonly Item[], isMeant: (item: Item) => boolean): Item {
  const item = items.find(isMeant);
  if (item === undefined) throw new Error("an effect names something that the decision does not hold");
  return item;
}
