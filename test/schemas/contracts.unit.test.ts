import { describe, expect, test } from "vitest";
import { CIP_OUTCOMES } from "../../domain/cip/attempt.ts";
import { DATA_REQUEST_STATUSES } from "../../domain/data-request/data-request.ts";
import { LINK_STATUSES } from "../../domain/link/link.ts";
import { OPERATION_STATUSES } from "../../domain/operation/operation.ts";
import { NOT_APPLICABLE_PATHS, PATHS, SOURCES } from "../../domain/user/fields.ts";
import { USER_STATES } from "../../domain/user/user.ts";
import { TEST_EVENT_TYPE, WEBHOOK_EVENT_TYPES } from "../../domain/webhook/catalogue.ts";
import { type JsonSchema, loadSchemas } from "../../schemas/load-schema.ts";
import { TOPIC_KEYS, TOPICS } from "../../schemas/topics.ts";
import { DELIVERY_CAUSES, DELIVERY_STATUSES } from "../../storage/entities/webhook-delivery.ts";
import { ENDPOINT_STATUSES } from "../../storage/entities/webhook-endpoint.ts";

const SCHEMAS = [...loadSchemas()].map(([name, schema]) => ({ name, schema }));
const MESSAGES = SCHEMAS.filter(({ name }) => name.startsWith("messages/"));

describe("one word, one meaning", () => {
  test("a definition says the same in every file that repeats it", () => {
    const known = new Map<string, { readonly file: string; readonly text: string }>();
    for (const { name, schema } of SCHEMAS) {
      for (const [word, definition] of Object.entries(definitionsOf(schema))) {
        const text = JSON.stringify(definition);
        const first = known.get(word);
        if (first && first.text !== text) expect.fail(`${word} differs between ${first.file} and ${name}`);
        known.set(word, { file: name, text });
      }
    }
    expect(known.size).toBeGreaterThan(50);
  });

  test.each([
    ["Path", PATHS],
    ["NotApplicablePath", NOT_APPLICABLE_PATHS],
    ["Source", SOURCES],
    ["UserState", USER_STATES],
    ["LinkStatus", LINK_STATUSES],
    ["OperationStatus", OPERATION_STATUSES],
    ["DataRequestStatus", DATA_REQUEST_STATUSES],
    ["CipOutcome", CIP_OUTCOMES],
    ["WebhookEventType", WEBHOOK_EVENT_TYPES],
    ["DeliveredEventType", [...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE]],
    ["DeliveryStatus", DELIVERY_STATUSES],
    ["DeliveryCause", DELIVERY_CAUSES],
    ["EndpointStatus", ENDPOINT_STATUSES],
  ])("S5, S9 %s has the values of the domain, in its order", (word, values) => {
    expect(definitionsOf(schemaOf("words"))[word]?.["enum"]).toEqual(values);
  });

  test("titles are unique: each becomes a type", () => {
    const titles = SCHEMAS.map(({ schema }) => schema["title"]);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test("every pattern has a description that completes `must be …`", () => {
    for (const { name, schema } of SCHEMAS) {
      const dumb = nodesOf(schema).filter((node) => typeof node["pattern"] === "string" && !node["description"]);
      expect(dumb, name).toEqual([]);
    }
  });
});

describe("messages", () => {
  test("every topic has its schema and every schema its topic", () => {
    const files = TOPIC_KEYS.map((key) => TOPICS[key].schema);
    expect(MESSAGES.map(({ name }) => `${name}.json`).sort()).toEqual([...files].sort());
  });

  test.each(MESSAGES)("$name stands alone: it is registered without the other files", ({ schema }) => {
    const references = nodesOf(schema).flatMap((node) => (typeof node["$ref"] === "string" ? [node["$ref"]] : []));
    for (const reference of references) {
      expect(Object.keys(definitionsOf(schema))).toContain(reference.replace("#/definitions/", ""));
    }
    expect(Object.keys(definitionsOf(schema)).filter((word) => !references.includes(`#/definitions/${word}`))).toEqual(
      [],
    );
  });

  test.each(MESSAGES)(
    "$name can grow: the registry takes a new optional field only where none is open",
    ({ schema }) => {
      const named = nodesOf(schema).filter((node) => node["type"] === "object" && isObject(node["properties"]));
      expect(named.filter((node) => node["additionalProperties"] !== false)).toEqual([]);
    },
  );

  test("H3 no event can carry a value of a field", () => {
    const words = Object.keys(definitionsOf(schemaOf("messages/user-events")));
    expect(words).not.toContain("Values");
    expect(words).not.toContain("PaymentMethod");
    expect(JSON.stringify(schemaOf("messages/user-events"))).not.toContain("accountNumber");
  });
});

describe("webhooks", () => {
  test("every event that partners hear of has its body, and no other", () => {
    const files = SCHEMAS.filter(({ name }) => name.startsWith("webhooks/")).map(({ name }) =>
      name.slice("webhooks/".length),
    );
    expect(files.sort()).toEqual([...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE].sort());
  });
});

function schemaOf(name: string): JsonSchema {
  return SCHEMAS.find((candidate) => candidate.name === name)?.schema ?? {};
}

function definitionsOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema["definitions"] ?? {}) as Record<string, JsonSchema>;
}

function nodesOf(node: unknown): readonly JsonSchema[] {
  if (Array.isArray(node)) return node.flatMap(nodesOf);
  return isObject(node) ? [node, ...Object.values(node).flatMap(nodesOf)] : [];
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
