import type { JsonSchema } from "./load-schema.ts";

const TAG = "type";
const LOCAL = "#/definitions/";

/**
 * The same schema, with every `oneOf` whose branches differ by the constant of their `type` made quick and clear to
 * check: the tag chooses the branch (ajv's discriminator), so that a fault is told for the branch that was meant and for
 * no other. The files stay plain draft-07, because other readers and the registry do not know the keyword.
 */
export function withTaggedUnions(schema: JsonSchema): JsonSchema {
  const definitions = (schema["definitions"] ?? {}) as Record<string, JsonSchema>;
  return tagged(schema, definitions) as JsonSchema;
}

function tagged(node: unknown, definitions: Readonly<Record<string, JsonSchema>>): unknown {
  if (Array.isArray(node)) return node.map((inner) => tagged(inner, definitions));
  if (!isObject(node)) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, tagged(value, definitions)]));
  const tags = Array.isArray(node["oneOf"]) ? tagsOf(node["oneOf"], definitions) : null;
  if (tags === null) return inner;
  const union = { type: "object", required: [TAG], properties: { [TAG]: { enum: tags } } };
  return { ...inner, ...union, discriminator: { propertyName: TAG } };
}

/** The values of the tag over all branches; null when a branch has none, so that the tag cannot choose. */
function tagsOf(branches: readonly unknown[], definitions: Readonly<Record<string, JsonSchema>>) {
  const tags: unknown[] = [];
  for (const branch of branches) {
    const own = tagsOfBranch(branch, definitions);
    if (own === null) return null;
    tags.push(...own);
  }
  return tags;
}

function tagsOfBranch(branch: unknown, definitions: Readonly<Record<string, JsonSchema>>): readonly unknown[] | null {
  const resolved = isObject(branch) && typeof branch["$ref"] === "string" ? named(branch["$ref"], definitions) : branch;
  const properties = isObject(resolved) ? resolved["properties"] : undefined;
  const tag = isObject(properties) ? properties[TAG] : undefined;
  if (!isObject(tag)) return null;
  return Array.isArray(tag["enum"]) ? tag["enum"] : "const" in tag ? [tag["const"]] : null;
}

function named(ref: string, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema | undefined {
  return ref.startsWith(LOCAL) ? definitions[ref.slice(LOCAL.length)] : undefined;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
