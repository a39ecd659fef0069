import { posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { JsonSchema } from "../../schemas/load-schema.ts";

/** A JSON value that refers to a component of the document. */
export interface Reference {
  readonly $ref: string;
}

/** Gathers the schemas that a document uses under `#/components/schemas`, by title or by the name of their definition. */
export interface SchemaCollector {
  /** A reference to a schema of the catalogue, named as in `validate` (`http/create-link`). An unknown one throws. */
  readonly reference: (name: string) => Reference;
  /** A part of a schema with its references turned into those of the document. */
  readonly part: (name: string, schema: unknown) => JsonSchema;
  /** A reference to a definition in one of the files; an unknown one throws. */
  readonly definition: (name: string, definition: string) => Reference;
  /** All that was referred to, directly or not, by name in alphabetical order. */
  readonly components: () => Readonly<Record<string, JsonSchema>>;
}

const HERE = "#/components/schemas/";
const LEFT_OUT = ["$schema", "title", "definitions"];

/**
 * A collector over the catalogue of `loadSchemas`. What the files say in draft-07 means the same in the dialect of OpenAPI
 * 3.1 and AsyncAPI 3. Definitions of one name in several files must say the same, otherwise it throws.
 */
export function createSchemaCollector(catalogue: ReadonlyMap<string, JsonSchema>): SchemaCollector {
  const collected = new Map<string, JsonSchema>();
  const inProgress = new Set<string>();

  function add(file: string, definition: string | null): Reference {
    const whole = schemaOf(catalogue, file);
    const schema = definition === null ? whole : definitionOf(whole, file, definition);
    const name = definition ?? String(whole["title"]);
    // Schemas may refer to themselves.
    if (inProgress.has(name)) return { $ref: HERE + name };
    inProgress.add(name);
    const own = turned(file, Object.fromEntries(Object.entries(schema).filter(([key]) => !LEFT_OUT.includes(key))));
    inProgress.delete(name);
    const known = collected.get(name);
    if (known && !isDeepStrictEqual(known, own)) throw new Error(`"${name}" in ${file} is not what it is elsewhere`);
    collected.set(name, own as JsonSchema);
    return { $ref: HERE + name };
  }

  function turned(file: string, node: unknown): unknown {
    if (Array.isArray(node)) return node.map((inner) => turned(file, inner));
    if (typeof node !== "object" || node === null) return node;
    const entries = Object.entries(node).map(([key, value]) => [key, turned(file, value)]);
    const { $ref, ...rest } = Object.fromEntries(entries) as JsonSchema;
    return typeof $ref === "string" ? { ...target(file, $ref), ...rest } : rest;
  }

  function target(file: string, ref: string): Reference {
    if (ref.startsWith(HERE)) return { $ref: ref };
    const [path = "", pointer = ""] = ref.split("#");
    const named = path === "" ? file : posix.join(posix.dirname(file), path).replace(/\.json$/, "");
    const definition = pointer.replace("/definitions/", "");
    return add(named, definition === "" ? null : definition);
  }

  return {
    reference: (name) => add(name, null),
    part: (name, schema) => turned(name, schema) as JsonSchema,
    definition: add,
    components: () => Object.fromEntries([...collected].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function schemaOf(catalogue: ReadonlyMap<string, JsonSchema>, file: string): JsonSchema {
  const schema = catalogue.get(file);
  if (schema === undefined) throw new Error(`There is no schema ${file}`);
  return schema;
}

function definitionOf(whole: JsonSchema, file: string, definition: string): JsonSchema {
  const found = (whole["definitions"] as Readonly<Record<string, JsonSchema>> | undefined)?.[definition];
  if (found === undefined) throw new Error(`There is no definition ${definition} in ${file}`);
  return found;
}
