import { m2mSignature, type SignedMessage, standardSignature } from "./signature.ts";

export interface AttemptFacts extends SignedMessage {
  readonly eventType: string;
  /** Which attempt this is, from 1: said in a header only, the body never changes (H1). */
  readonly number: number;
  /** The event's place among those of its user, from 1; 0 of an event that is about no user. */
  readonly sequence: number;
  readonly traceparent: string | null;
  /** The live secrets, newest first; at least one. */
  readonly secrets: readonly [string, ...string[]];
}

/** The headers of one attempt, both signatures included (api.md section 6). @throws MalformedSecret */
export function deliveryHeaders(facts: AttemptFacts): Readonly<Record<string, string>> {
  const { id, eventType, timestampSeconds, number, sequence, traceparent, secrets } = facts;
  const timestamp = String(timestampSeconds);
  return {
    "content-type": "application/json",
    "user-agent": "m2m-webhooks",
    "x-m2m-event": eventType,
    "x-m2m-timestamp": timestamp,
    "x-m2m-signature": m2mSignature(secrets[0], facts),
    "x-m2m-attempt": String(number),
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": standardSignature(secrets, facts),
    ...(sequence === 0 ? {} : { "x-m2m-sequence": String(sequence) }),
    ...(traceparent === null ? {} : { traceparent }),
  };
}
