import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPTIONS } from "../runtime/config.ts";
import { loadSchemas } from "../schemas/load-schema.ts";
import { TOPIC_KEYS, TOPICS, type Topic, type TopicKey, topicName } from "../schemas/topics.ts";
import { createSchemaCollector } from "./openapi/collect-schemas.ts";
import { describeWebhookMessages } from "./openapi/describe-webhook-messages.ts";
import { readExamples } from "./openapi/read-examples.ts";

const KEYS = {
  user: "`partner/environment/referenceId`, so that one user's messages stay in order",
  any: "Any",
  original: "That of the message it holds",
} as const satisfies Record<Topic["key"], string>;

/** docs/asyncapi.json: AsyncAPI 3 of every topic and webhook, seen from this system. */
export function renderAsyncapi(): string {
  return `${JSON.stringify(asyncapi(), null, 2)}\n`;
}

function asyncapi() {
  const collector = createSchemaCollector(loadSchemas());
  const topics = TOPIC_KEYS.map((key) => [key, TOPICS[key]] as const satisfies readonly [string, Topic]);
  const channels = Object.fromEntries(topics.map(([key, topic]) => [key, channelOf(key, topic)]));
  const operations = Object.fromEntries(topics.flatMap(([key, topic]) => operationsOf(key, topic)));
  const webhooks = describeWebhookMessages(collector);
  const messages = topics.map(([key, { name, schema, key: keyKind, sentence }]) => [
    key,
    {
      name,
      summary: sentence,
      contentType: "application/json",
      headers: HEADERS,
      payload: collector.reference(schema.replace(/\.json$/, "")),
      bindings: { kafka: { key: { type: "string", description: KEYS[keyKind] }, bindingVersion: "0.5.0" } },
      examples: readExamples(schema.replace(/\.json$/, "")).map(({ title, value }) => ({
        summary: title,
        payload: value,
      })),
    },
  ]);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "M2M user lifecycle: messages and webhooks",
      version: versionOfProject(),
      description: DESCRIPTION,
      license: { name: "Apache License 2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/json",
    channels: { ...channels, ...webhooks.channels },
    operations: { ...operations, ...webhooks.operations },
    components: {
      messages: { ...Object.fromEntries(messages), ...webhooks.messages },
      schemas: collector.components(),
    },
  };
}

const PREFIX = OPTIONS.TOPIC_PREFIX.default;

const DESCRIPTION =
  "Names are shown with the default TOPIC_PREFIX. Values are JSON Schema in the registry, in the Confluent wire format: " +
  "a zero byte, four bytes of schema id, the JSON. A message that does not fit is parked and never blocks those behind it.";

const HEADERS = {
  type: "object",
  properties: {
    messageId: { type: "string", description: "The same when a message is sent again" },
    type: { type: "string" },
    occurredAt: { type: "string", format: "date-time" },
    traceparent: { type: "string", description: "W3C trace context" },
    causationId: { type: "string", description: "What this came of" },
  },
} as const;

function channelOf(key: TopicKey, { sentence, partitions, retentionMs, maxMessageBytes }: Topic) {
  const address = topicName(PREFIX, key);
  const topicConfiguration = { "retention.ms": retentionMs, "max.message.bytes": maxMessageBytes };
  return {
    address,
    description: sentence,
    messages: { [key]: { $ref: `#/components/messages/${key}` } },
    bindings: {
      kafka: {
        topic: address,
        ...(partitions === "user" ? {} : { partitions }),
        topicConfiguration,
        bindingVersion: "0.5.0",
      },
    },
  };
}

/** What others do with a topic stands beside what we do with it, because they read this too. */
function operationsOf(key: string, { writers, readers }: Topic): readonly (readonly [string, unknown])[] {
  const channel = { $ref: `#/channels/${key}` };
  const messages = [{ $ref: `#/channels/${key}/messages/${key}` }];
  const name = key.charAt(0).toUpperCase() + key.slice(1);
  const send = { action: "send", channel, messages, summary: `Written by: ${writers.join(", ")}` };
  const receive = { action: "receive", channel, messages, summary: `Read by: ${readers.join(", ")}` };
  return [
    ...(writers.every(isForeign) ? [] : [[`send${name}`, send] as const]),
    ...(readers.every(isForeign) ? [] : [[`receive${name}`, receive] as const]),
  ];
}

function isForeign(system: string): boolean {
  return system.startsWith("internal ") || system === "anyone" || system === "operators";
}

function versionOfProject(): string {
  const file = join(import.meta.dirname, "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
