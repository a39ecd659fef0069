import type { JsonSchema } from "../../schemas/load-schema.ts";
import type { SchemaCollector } from "./collect-schemas.ts";
import { examplesByName, readExamples } from "./read-examples.ts";

const FOLDER = "webhooks/";

/** The `webhooks` of the document: one per event that partners hear of. */
export function describeWebhooks(catalogue: ReadonlyMap<string, JsonSchema>, collector: SchemaCollector) {
  const names = [...catalogue.keys()].filter((name) => name.startsWith(FOLDER));
  return Object.fromEntries(
    names.map((name) => {
      const event = name.slice(FOLDER.length);
      const description = String(catalogue.get(name)?.["description"] ?? event);
      return [event, { post: webhook({ name, event, description }, collector) }];
    }),
  );
}

interface Webhook {
  readonly name: string;
  readonly event: string;
  readonly description: string;
}

function webhook({ name, event, description }: Webhook, collector: SchemaCollector) {
  const schema = collector.reference(name);
  return {
    operationId: `on${event.replace(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: ["Webhook events"],
    summary: description,
    security: [],
    parameters: Object.keys(WEBHOOK_HEADERS).map((header) => ({ $ref: `#/components/parameters/${header}` })),
    requestBody: {
      required: true,
      content: { "application/json": { schema, examples: examplesByName(readExamples(name)) } },
    },
    responses: {
      "2XX": { description: "Received, within 30 seconds. What the body says does not matter." },
      default: { description: "Anything else, redirects too, counts as a failure and is tried again." },
    },
  };
}

/** Headers of every webhook, by their name below `#/components/parameters`. */
export const WEBHOOK_HEADERS = {
  WebhookEvent: header("X-M2M-Event", "The name of the event.", "link.created"),
  WebhookTimestamp: header("X-M2M-Timestamp", "When this attempt was made, in Unix seconds.", "1769851800"),
  WebhookSignature: header(
    "X-M2M-Signature",
    "`sha256=` and the lower-case hex HMAC-SHA256 of timestamp, dot and raw body, with the whole secret as key.",
    `sha256=${"0".repeat(64)}`,
  ),
  WebhookAttempt: header("X-M2M-Attempt", "Which attempt this is, from 1.", "1"),
  WebhookSequence: optionalHeader(
    "X-M2M-Sequence",
    "The `sequence` of the body: the event's place among those of its user. Absent when the event is about no user.",
    "4",
  ),
  StandardWebhookId: header("webhook-id", "The id of the event; the same on every attempt.", "evt_acme_a1b2c3d4e5f6"),
  StandardWebhookTimestamp: header("webhook-timestamp", "As X-M2M-Timestamp.", "1769851800"),
  StandardWebhookSignature: header(
    "webhook-signature",
    "Standard Webhooks: `v1,` and base64, one for each live secret, separated by spaces.",
    "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  ),
} as const;

function header(name: string, description: string, example: string) {
  return { name, in: "header", required: true, description, schema: { type: "string" }, example };
}

function optionalHeader(name: string, description: string, example: string) {
  return { ...header(name, description, example), required: false };
}
