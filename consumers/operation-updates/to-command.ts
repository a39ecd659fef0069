import type { OperationUpdate } from "../../domain/operation/operation.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { DecodedMessage } from "../../messaging/handle-messages.ts";
import { derivedCommandId } from "../../runtime/ids.ts";
import type { OperationUpdateMessage, ReportedAmount } from "../../schemas/generated.ts";
import { assumedAddress } from "../assumed-address.ts";
import type { Derived } from "../publish-commands.ts";
import { utcTime } from "../utc-time.ts";

/** A message of operation-updates; decoding has checked its shape. */
export interface OperationUpdateArrival extends Omit<DecodedMessage, "value"> {
  readonly value: OperationUpdateMessage;
}

/**
 * The command for an update of an operation. `known` has the addresses of operations that exist; an update for one that
 * does not (yet) goes to an assumed address, where the users consumer holds it. Its id depends on nothing but the
 * message's place in Kafka and its timestamp, so that publishing it twice is harmless.
 * Parked: an operation that is not one of ours, and an amount that no exact decimal of ours can hold.
 */
export function operationUpdateCommand(
  { topic, partition, offset, timestamp, headers, value }: OperationUpdateArrival,
  known: ReadonlyMap<string, UserAddress>,
  issuedAt: string,
): Derived {
  const address = known.get(value.operationId) ?? assumedAddress("op", value.operationId);
  if (address === undefined) return UNKNOWN_OPERATION;
  const amount = value.amount === undefined ? null : toAmount(value.amount);
  if (amount === "out_of_range") return AMOUNT_OUT_OF_RANGE;
  const { partner, environment, referenceId } = address;
  return {
    kind: "command",
    causationId: headers["messageId"] ?? `${topic}/${partition}/${offset}`,
    traceparent: headers["traceparent"],
    command: {
      type: "ApplyOperationUpdate",
      commandId: derivedCommandId(partner, topic, partition, String(offset), timestamp),
      partner,
      environment,
      referenceId,
      actor: { kind: "payments", id: value.provider },
      issuedAt,
      replyTo: null,
      values: {},
      payload: {
        operationId: value.operationId,
        provider: value.provider,
        providerEventId: value.providerEventId,
        status: value.status,
        amount,
        failureReason: value.failureReason ?? null,
        occurredAt: utcTime(value.occurredAt),
      },
    },
  };
}

const UNKNOWN_OPERATION = {
  kind: "park",
  reason: "UNKNOWN_OPERATION",
  detail: "The operationId is not one of ours",
} as const;

const AMOUNT_OUT_OF_RANGE = {
  kind: "park",
  reason: "AMOUNT_OUT_OF_RANGE",
  detail: "An amount has more than 15 digits before its point or 8 behind it",
} as const;

const AMOUNT_PARTS = ["send", "receive", "rate", "fee"] as const;
/** More than toFixed takes is an error; far less is already out of range. */
const MOST_FRACTION_DIGITS = 100;
const DECIMAL_TEXT = /^\d{1,15}(\.\d{1,8})?$/;

function toAmount(reported: ReportedAmount): OperationUpdate["amount"] | "out_of_range" {
  const parts = AMOUNT_PARTS.flatMap((part) => {
    const value = reported[part];
    return value === undefined ? [] : [[part, decimalText(value)] as const];
  });
  return parts.some(([, text]) => !DECIMAL_TEXT.test(text)) ? "out_of_range" : Object.fromEntries(parts);
}

/** A number is written out as the provider wrote it: the shortest text that reads back as the same number. */
function decimalText(value: string | number): string {
  if (typeof value === "string") return value.replace(/^0+(?=\d)/, "");
  const text = String(value);
  const [digits = "", exponent] = text.split("e-");
  if (exponent === undefined) return text;
  const fractionDigits = Number(exponent) + Math.max(0, digits.length - "1.".length);
  return value.toFixed(Math.min(MOST_FRACTION_DIGITS, fractionDigits));
}
