import type { CipResult } from "../../domain/cip/attempt.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { DecodedMessage } from "../../messaging/handle-messages.ts";
import { derivedCommandId } from "../../runtime/ids.ts";
import type { CipResultMessage } from "../../schemas/generated.ts";
import { assumedAddress } from "../assumed-address.ts";
import type { Derived } from "../publish-commands.ts";
import { utcTime } from "../utc-time.ts";
import { readVerifiedOutputs } from "./verified-outputs.ts";

/** A message of cip-results; decoding has checked its shape. */
export interface CipResultArrival extends Omit<DecodedMessage, "value"> {
  readonly value: CipResultMessage;
}

/**
 * The command for a CIP result. `known` has the addresses of attempts that exist; a result for an attempt that does not
 * (yet) goes to an assumed address, where the users consumer holds it (B2). Its id depends on nothing but the message's
 * place in Kafka and its timestamp, so that publishing it twice is harmless.
 * Parked: an attempt that is not one of ours, and a message whose attempt and address are different users.
 */
export function cipResultCommand(
  { topic, partition, offset, timestamp, headers, value }: CipResultArrival,
  known: ReadonlyMap<string, UserAddress>,
  issuedAt: string,
): Derived {
  const attemptId = value.attemptId ?? null;
  const address = addressOf(value, known);
  if (typeof address === "string") return PARKED[address];
  const { partner, environment, referenceId } = address;
  return {
    kind: "command",
    causationId: headers["messageId"] ?? `${topic}/${partition}/${offset}`,
    traceparent: headers["traceparent"],
    command: {
      type: "ApplyCipResult",
      commandId: derivedCommandId(partner, topic, partition, String(offset), timestamp),
      partner,
      environment,
      referenceId,
      actor: { kind: "cip", id: value.provider },
      issuedAt,
      replyTo: null,
      values: readVerifiedOutputs(value.verifiedOutputs),
      payload: { attemptId, result: toResult(value) },
    },
  };
}

const PARKED = {
  UNKNOWN_ATTEMPT: {
    kind: "park",
    reason: "UNKNOWN_ATTEMPT",
    detail: "The attemptId is not one of ours and the message names no user",
  },
  ADDRESS_MISMATCH: {
    kind: "park",
    reason: "ADDRESS_MISMATCH",
    detail: "The attempt is not one of the user that the message names",
  },
} as const;

function addressOf(
  { attemptId, partner, environment, referenceId }: CipResultMessage,
  known: ReadonlyMap<string, UserAddress>,
): UserAddress | keyof typeof PARKED {
  const found = attemptId === undefined ? undefined : known.get(attemptId);
  if (found === undefined) {
    return assumedAddress("cip", attemptId ?? "", { partner, environment, referenceId }) ?? "UNKNOWN_ATTEMPT";
  }
  const isSame =
    (partner ?? found.partner) === found.partner &&
    (environment ?? found.environment) === found.environment &&
    (referenceId ?? found.referenceId) === found.referenceId;
  return isSame ? found : "ADDRESS_MISMATCH";
}

/** What providers add beyond the contract stays outside; verifiedOutputs travel with the other values. */
function toResult(message: CipResultMessage): CipResult {
  return {
    provider: message.provider,
    providerEventId: message.providerEventId,
    outcome: message.outcome,
    revision: message.revision ?? null,
    reasons: (message.reasons ?? []).map(({ code, field, retryable }) =>
      field === undefined ? { code, retryable } : { code, field, retryable },
    ),
    isFinal: message.final ?? false,
    missingFields: message.missingFields ?? [],
    occurredAt: utcTime(message.occurredAt),
  };
}
