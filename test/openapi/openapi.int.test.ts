import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { OpenapiDocument } from "../../gateway/documentation/openapi-document.ts";
import { OPTIONS } from "../../runtime/config.ts";
import { isDateTime } from "../../schemas/date-time.ts";
import { loadSchemas } from "../../schemas/load-schema.ts";
import { TOPICS, topicName } from "../../schemas/topics.ts";
import { groupOf } from "../../scripts/openapi/groups.ts";
import { inertRoutes } from "../../scripts/openapi/inert-routes.ts";
import { pathOf, pathParametersOf } from "../../scripts/openapi/path-parameters.ts";
import { errorsOf } from "../../scripts/openapi/route-errors.ts";
import { renderAsyncapi } from "../../scripts/print-asyncapi.ts";
import { renderOpenapi } from "../../scripts/print-openapi.ts";

const openapi = JSON.parse(renderOpenapi()) as OpenapiDocument;
const asyncapi = JSON.parse(renderAsyncapi());
const routes = inertRoutes();

/** Every object below a value, with where it stands. */
function* objectsIn(value: unknown, at = "#"): Generator<readonly [string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>];
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, `${at}/${key}`);
}

function atPointer(document: unknown, pointer: string): unknown {
  const steps = pointer.replace(/^#\//, "").split("/");
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);
}

function brokenReferences(document: unknown): readonly string[] {
  return [...objectsIn(document)].flatMap(([at, { $ref }]) =>
    typeof $ref === "string" && atPointer(document, $ref) === undefined ? [`${at}: ${$ref}`] : [],
  );
}

function validatorOf(document: { readonly components: object }) {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  formats.default(ajv, ["date", "uri", "uri-reference"]);
  ajv.addFormat("date-time", { type: "string", validate: isDateTime });
  ajv.addSchema({ $id: "document://whole", components: document.components });
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  return (schema: unknown, value: unknown) => {
    const absolute = JSON.stringify(schema, (key, inner) => (key === "$ref" ? `document://whole${inner}` : inner));
    const check = compiled.get(absolute) ?? ajv.compile(JSON.parse(absolute));
    compiled.set(absolute, check);
    return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

describe("openapi.json", () => {
  test("every route is in it, and nothing else", () => {
    const described = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(routes.map((route) => `${route.method} ${pathOf(route)}`).toSorted());
  });

  test("every reference leads somewhere", () => {
    expect(brokenReferences(openapi)).toEqual([]);
    expect(brokenReferences({ a: { $ref: "#/components/schemas/Nothing" } })).toEqual([
      "#/a: #/components/schemas/Nothing",
    ]);
  });

  test("every example fits its schema", () => {
    const problemsOf = validatorOf(openapi);
    const found: string[] = [];
    let count = 0;
    for (const [at, { schema, examples }] of objectsIn(openapi)) {
      if (schema === undefined || typeof examples !== "object" || examples === null) continue;
      for (const [name, given] of Object.entries(examples)) {
        const { value } = "$ref" in given ? (atPointer(openapi, given.$ref) as { value: unknown }) : given;
        count += 1;
        found.push(...problemsOf(schema, value).map((problem) => `${at} ${name}: ${problem}`));
      }
    }
    expect(found).toEqual([]);
    expect(count).toBeGreaterThan(150);
  });

  test("operation ids are unique, and every operation has a group of its own that is described", () => {
    const operations = [
      ...Object.values(openapi.paths).flatMap((methods) => Object.values(methods)),
      ...Object.values(openapi.webhooks).map(({ post }) => post),
    ];
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const groups = openapi.tags.map(({ name }) => name);
    expect(operations.flatMap(({ tags }) => tags).filter((tag) => !groups.includes(tag))).toEqual([]);
  });

  test("a path that no group takes, or a parameter that nothing describes, is an error of whoever prints", () => {
    expect(() => groupOf("/elsewhere")).toThrow("No group takes /elsewhere");
    expect(() => pathParametersOf("/partner/{thing}")).toThrow("Nothing describes {thing}");
  });

  test("every webhook schema is a webhook, with all the headers that are sent", () => {
    const events = [...loadSchemas().keys()].filter((name) => name.startsWith("webhooks/"));
    expect(Object.keys(openapi.webhooks)).toEqual(events.map((name) => name.slice("webhooks/".length)));
    for (const { post } of Object.values(openapi.webhooks)) expect(post.parameters).toHaveLength(8);
  });

  test("a write tells of its Idempotency-Key, of 202 with Location, and of the errors of its access", () => {
    const create = openapi.paths["/partner/links"]?.["post"];
    expect(create?.parameters).toContainEqual({ $ref: "#/components/parameters/IdempotencyKey" });
    expect(Object.keys(create?.responses ?? {})).toEqual([
      "200",
      "201",
      "202",
      "400",
      "401",
      "403",
      "409",
      "413",
      "415",
      "429",
      "500",
      "503",
    ]);
    expect(JSON.stringify(create?.responses["202"])).toContain('"Location"');
    const route = routes.find(({ name, method }) => name === "/partner/links" && method === "POST");
    expect(route && errorsOf(route).get(409)).toEqual(["ACTIVE_LINK_EXISTS", "IDEMPOTENCY_KEY_REUSED"]);
    const read = openapi.paths["/partner/me"]?.["get"];
    expect(Object.keys(read?.responses ?? {})).toEqual(["200", "401", "403", "429", "500", "503"]);
  });
});

describe("asyncapi.json", () => {
  test("every topic is a channel with its message, webhooks are one more, and every reference leads somewhere", () => {
    const addresses = Object.values(asyncapi.channels as Record<string, { address: string }>).map((one) => one.address);
    const topics = Object.keys(TOPICS) as (keyof typeof TOPICS)[];
    // A webhook goes wherever its partner says: it has no address of ours.
    expect(addresses).toEqual([...topics.map((key) => topicName(OPTIONS.TOPIC_PREFIX.default, key)), null]);
    expect(brokenReferences(asyncapi)).toEqual([]);
  });

  test("every example fits its schema", () => {
    const problemsOf = validatorOf(asyncapi);
    const messages = Object.values(asyncapi.components.messages as Record<string, Message>);
    for (const { payload, examples } of messages) {
      expect(examples).not.toHaveLength(0);
      expect(examples.flatMap((example) => problemsOf(payload, example.payload))).toEqual([]);
    }
  });

  test("what others write we receive, what others read we send", () => {
    expect(Object.keys(asyncapi.operations)).toEqual([
      ...["sendUserCommands", "receiveUserCommands", "sendUserEvents", "receiveUserEvents", "sendCipRequests"],
      ...["receiveCipResults", "sendOperationRequests", "receiveOperationUpdates", "sendParked", "receiveParked"],
      "sendWebhook",
    ]);
  });

  test("every webhook is a message with its headers, signatures among them", () => {
    const names = [...loadSchemas().keys()].flatMap((name) => (name.startsWith("webhooks/") ? [name.slice(9)] : []));
    expect(Object.keys(asyncapi.channels.webhooks.messages)).toEqual(names.map((name) => `webhook.${name}`));
    for (const name of names) {
      const { headers } = asyncapi.components.messages[`webhook.${name}`];
      expect(Object.keys(headers.properties)).toEqual(expect.arrayContaining(["X-M2M-Signature", "webhook-signature"]));
    }
  });
});

interface Message {
  readonly payload: unknown;
  readonly examples: readonly { readonly payload: unknown }[];
}
