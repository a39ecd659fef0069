/** An event as it stands in m2m.user-events: the part that a receiver may see. */
export interface PublishedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly at: string;
  readonly sequence: number;
  readonly userVersion: number;
  readonly data: { readonly [key: string]: unknown };
}

const OPERATION_PREFIX = "operation.";
const AMOUNTS: readonly string[] = ["send", "receive", "rate", "fee"];

/**
 * The body of a webhook (H1, api.md section 6), as the exact text that is signed and sent on every attempt. Holds no
 * value of a user's field, because the event holds none (H3).
 */
export function webhookBody(event: PublishedEvent): string {
  const { eventId, type, at, sequence, userVersion, data } = event;
  const body = { id: eventId, event: type, timestamp: at, sequence, userVersion, data: webhookFacts(type, data) };
  return JSON.stringify(body);
}

/** The `data` of an event as partners see it: money is a JSON number there and decimal text inside. */
export function webhookFacts(type: string, data: PublishedEvent["data"]): PublishedEvent["data"] {
  return type.startsWith(OPERATION_PREFIX) ? withNumericAmount(data) : data;
}

function withNumericAmount(data: PublishedEvent["data"]): PublishedEvent["data"] {
  const { amount } = data;
  if (typeof amount !== "object" || amount === null) return data;
  const numeric = Object.entries(amount).map(([key, value]) => [key, AMOUNTS.includes(key) ? Number(value) : value]);
  return { ...data, amount: Object.fromEntries(numeric) };
}
