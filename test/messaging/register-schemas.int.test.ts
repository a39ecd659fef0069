import { randomBytes } from "node:crypto";
import { describe, expect, inject, test } from "vitest";
import { registerSchemas } from "../../messaging/register-schemas.ts";
import { SchemaRefused } from "../../messaging/schema-errors.ts";
import { TOPIC_KEYS } from "../../schemas/topics.ts";

const schema = (change: object = {}) =>
  JSON.stringify({
    ...{ $schema: "http://json-schema.org/draft-07/schema#", title: "x", type: "object", required: ["a"] },
    ...{ properties: { a: { type: "string" } }, additionalProperties: false },
    ...change,
  });
const withOptional = schema({ properties: { a: { type: "string" }, b: { type: "string" } } });

describe("registerSchemas", () => {
  test("registers every topic's schema; repeating it changes nothing", async () => {
    const settings = { registryUrl: inject("stack").schemaRegistryUrl, prefix: newPrefix() };
    const registered = await registerSchemas(settings);
    expect(registered).toHaveLength(TOPIC_KEYS.length);
    expect(await registerSchemas(settings)).toEqual(registered);
  });

  test("a new optional field is accepted, and older code finds its own schema again", async () => {
    const register = registrar();
    const older = await register(schema());
    const newer = await register(withOptional);
    expect(newer).not.toEqual(older);
    expect(await register(schema())).toEqual(older);
  });

  test.each([
    ["another required field", schema({ required: ["a", "b"], properties: { a: { type: "string" }, b: {} } })],
    ["another type", schema({ properties: { a: { type: "integer" } } })],
    ["a field less", schema({ required: [], properties: {} })],
  ])("an incompatible change is refused, naming the subject and the reason: %s", async (_, changed) => {
    const register = registrar();
    await register(schema());
    const error = await register(changed).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SchemaRefused);
    expect((error as Error).message).toMatch(/refuses the schema of .*user-commands-value: .*[Ii]ncompatible/);
    // What was there stays.
    await register(withOptional);
  });

  test("what is no schema is refused", async () => {
    await expect(registrar()("{")).rejects.toBeInstanceOf(SchemaRefused);
  });
});

/** Registers one schema for all topics of a prefix of its own. */
function registrar() {
  const settings = { registryUrl: inject("stack").schemaRegistryUrl, prefix: newPrefix() };
  return async (text: string) => registerSchemas({ ...settings, schemas: async () => text });
}

function newPrefix(): string {
  return `t${randomBytes(5).toString("hex")}.`;
}
