import { randomUUID } from "node:crypto";
import { describe, expect, inject, test } from "vitest";
import { readMessageSchema, type SchemaSource } from "../../messaging/message-schemas.ts";
import { registerSchemas } from "../../messaging/register-schemas.ts";
import { SchemaRefused } from "../../messaging/schema-errors.ts";
import { subjectName, TOPIC_KEYS, type TopicKey } from "../../schemas/topics.ts";

/** A schema that may be changed. */
interface Shape {
  properties: Record<string, unknown>;
  required: string[];
}

type Definitions = Record<string, Shape>;
type Schema = Shape & { oneOf?: { $ref: string }[]; definitions: Definitions };
type Change = (schema: Schema) => void;

const registryUrl = inject("stack").schemaRegistryUrl;

describe.each(TOPIC_KEYS)("the schema of %s", (topic) => {
  const prefix = `compatibility-${randomUUID()}.`;
  const register = (change: Change) => registerSchemas({ registryUrl, prefix, schemas: changed(topic, change) });

  test("registers, again and again, as one and the same", async () => {
    const [first, again] = [await register(unchanged), await register(unchanged)];
    expect(first).toEqual(again);
    expect(first.map(({ subject }) => subject)).toContain(subjectName(prefix, topic));
  });

  test.each<[string, Change]>([
    ["a required field is removed", removeRequired],
    ["a required field changes its type", retypeRequired],
    ["a new field is required at once", addRequired],
    ...(isUnion(topic) ? [["a kind of message is taken away", removeKind] satisfies [string, Change]] : []),
  ])("an incompatible change is refused: %s", async (_, change) => {
    await register(unchanged);
    const refused = register(change);
    await expect(refused).rejects.toBeInstanceOf(SchemaRefused);
    await expect(refused).rejects.toMatchObject({ subject: subjectName(prefix, topic) });
    await expect(refused).rejects.toThrow(/incompatible/i);
  });

  test("it may grow: a new optional field is taken, in every object of it", async () => {
    await register(unchanged);
    await expect(register(addOptionalEverywhere)).resolves.toHaveLength(TOPIC_KEYS.length);
  });
});

const TEXT = { type: "string" };

function unchanged(): void {}

function changed(topic: TopicKey, change: Change): SchemaSource {
  return async (asked) => {
    const text = await readMessageSchema(asked);
    if (asked !== topic) return text;
    const schema = { definitions: {}, ...JSON.parse(text) } as Schema;
    change(schema);
    return JSON.stringify(schema);
  };
}

function isUnion(topic: TopicKey): boolean {
  return topic === "userCommands" || topic === "userEvents";
}

/** The message itself, or for a union of messages its first kind. */
function shapeOf(schema: Schema): Shape {
  const name = schema.oneOf?.[0]?.$ref.split("/").at(-1);
  return name === undefined ? schema : schema.definitions[name]!;
}

/** A field that is required by name and not what tells the kinds apart. */
function requiredField(shape: Shape): string {
  return shape.required.find((name) => name !== "type")!;
}

function removeRequired(schema: Schema): void {
  const shape = shapeOf(schema);
  const gone = requiredField(shape);
  delete shape.properties[gone];
  shape.required = shape.required.filter((name) => name !== gone);
}

function retypeRequired(schema: Schema): void {
  const shape = shapeOf(schema);
  shape.properties[requiredField(shape)] = { type: "boolean" };
}

function addRequired(schema: Schema): void {
  const shape = shapeOf(schema);
  shape.properties["addedLater"] = TEXT;
  shape.required.push("addedLater");
}

function addOptionalEverywhere(schema: Schema): void {
  for (const shape of [schema, ...Object.values(schema.definitions)]) {
    if (shape.properties !== undefined) shape.properties["addedLater"] = TEXT;
  }
}

function removeKind(schema: Schema): void {
  schema.oneOf?.pop();
}
