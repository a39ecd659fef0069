import { readdir, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { compile, type JSONSchema } from "json-schema-to-typescript";

const ROOT = "EverySchema";
const SHAPE_WORDS = ["type", "oneOf", "anyOf", "allOf", "$ref", "enum", "const"];

/** A schema file; `file` is its path below schemas/. */
export interface SchemaFile {
  readonly file: string;
  readonly schema: JSONSchema;
}

/** schemas/generated.ts: the types of all files under a folder of schemas. */
export async function renderSchemaTypes(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true });
  const schemas = await Promise.all(
    files
      .filter((file) => file.endsWith(".json") && !file.startsWith("examples/"))
      .sort()
      .map(async (file) => ({ file, schema: JSON.parse(await readFile(resolve(folder, file), "utf8")) as JSONSchema })),
  );
  return typesOf(schemas);
}

/**
 * TypeScript types of schemas: one per file, named by its title, and one per definition. Definitions may be repeated in
 * several files (each message is registered alone) as long as they say the same; otherwise it throws and names both.
 */
export async function typesOf(schemas: readonly SchemaFile[]): Promise<string> {
  const titles = new Map(schemas.map(({ file, schema }) => [basename(file), titleOf(file, schema)]));
  const definitions = new Map<string, { readonly file: string; readonly definition: JSONSchema }>();
  for (const { file, schema } of schemas) {
    for (const [name, definition] of namedParts(file, schema)) {
      const here = withLocalReferences(definition, titles);
      const known = definitions.get(name);
      if (known && !isDeepStrictEqual(known.definition, here)) {
        throw new Error(`"${name}" in schemas/${file} is not what it is in schemas/${known.file}`);
      }
      definitions.set(name, { file, definition: here });
    }
  }
  const root = Object.fromEntries([...definitions].map(([name, { definition }]) => [name, definition]));
  return generate({ title: ROOT, definitions: root } as JSONSchema);
}

async function generate(schema: JSONSchema): Promise<string> {
  const text = await compile(schema, ROOT, {
    bannerComment: "/* Printed from schemas/ by `npm run print`; change it there. */",
    unreachableDefinitions: true,
    additionalProperties: false,
    style: { printWidth: 120 },
  });
  // The root only holds the others together, and that something "was referenced by" it says nothing.
  return text
    .replace(/^ *\/\*\*\n( *\* This interface was referenced by .*\n)( *\* via the .*\n)? *\*\/\n/gm, "")
    .replace(/^ *\*\n *\* This interface was referenced by .*\n( *\* via the .*\n)?/gm, "")
    .replace(new RegExp(`export interface ${ROOT} \\{[^}]*\\}\\n?`), "");
}

function namedParts(file: string, { definitions = {}, ...schema }: JSONSchema): [string, JSONSchema][] {
  const isShape = SHAPE_WORDS.some((word) => word in schema);
  return [
    ...Object.entries(definitions),
    ...(isShape ? [[titleOf(file, schema), schema] as [string, JSONSchema]] : []),
  ];
}

function titleOf(file: string, schema: JSONSchema): string {
  if (!schema.title) throw new Error(`schemas/${file} has no title, so its type has no name`);
  return schema.title;
}

/** "words.json#/definitions/Time" and "#/definitions/Time" are one thing here; "link.json" is that file's title. */
function withLocalReferences(schema: JSONSchema, titles: ReadonlyMap<string, string>): JSONSchema {
  const local = (reference: string) => {
    const [file = "", pointer = ""] = reference.split("#");
    return pointer === "" ? `#/definitions/${titles.get(basename(file))}` : `#${pointer}`;
  };
  const text = JSON.stringify(schema, (key, value: unknown) => (key === "$ref" ? local(String(value)) : value));
  return JSON.parse(text) as JSONSchema;
}
