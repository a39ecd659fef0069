import { loadSchemas } from "../../schemas/load-schema.ts";
import type { SchemaCollector } from "./collect-schemas.ts";
import { WEBHOOK_HEADERS } from "./describe-webhooks.ts";
import { readExamples } from "./read-examples.ts";

const FOLDER = "webhooks/";
const CHANNEL = "webhooks";

/** The webhooks as AsyncAPI has them: one channel, which is whatever URL a partner named, with a message per event. */
export function describeWebhookMessages(collector: SchemaCollector) {
  const catalogue = loadSchemas();
  const names = [...catalogue.keys()].filter((name) => name.startsWith(FOLDER));
  const idOf = (name: string) => `webhook.${name.slice(FOLDER.length)}`;
  const references = names.map((name) => [idOf(name), { $ref: `#/components/messages/${idOf(name)}` }] as const);
  const messages = names.map((name) => {
    const message = {
      name: name.slice(FOLDER.length),
      summary: String(catalogue.get(name)?.["description"] ?? name),
      contentType: "application/json",
      headers: HEADERS,
      payload: collector.reference(name),
      examples: readExamples(name).map(({ title, value }) => ({ summary: title, payload: value })),
    };
    return [idOf(name), message] as const;
  });
  return {
    channels: { [CHANNEL]: { address: null, description: ABOUT_CHANNEL, messages: Object.fromEntries(references) } },
    operations: {
      sendWebhook: {
        action: "send",
        channel: { $ref: `#/channels/${CHANNEL}` },
        messages: names.map((name) => ({ $ref: `#/channels/${CHANNEL}/messages/${idOf(name)}` })),
        summary: "Read by: the partner's server, at the URL of an endpoint or of a link's callbackUrl",
        bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
      },
    },
    messages: Object.fromEntries(messages),
  };
}

const ABOUT_CHANNEL =
  "HTTP POST to the URL of a webhook endpoint, or to the callbackUrl of a link. Any status from 200 to 299 within 30 " +
  "seconds counts as received; otherwise it is sent again. Both signatures are in the headers.";

/** The headers of every webhook, as the OpenAPI document describes them. */
const HEADERS = {
  type: "object",
  properties: Object.fromEntries(
    Object.values(WEBHOOK_HEADERS).map(({ name, description, schema }) => [name, { ...schema, description }]),
  ),
} as const;
