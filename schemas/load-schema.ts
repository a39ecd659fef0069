import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A JSON Schema as it stands in its file. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

const ROOT = import.meta.dirname;
const ENDING = ".json";

/**
 * Every schema below schemas/, by its path without the ending: `messages/user-commands`, `http/create-link`,
 * `webhooks/link.created`. Read once per call; the examples are no schemas and are left out.
 */
export function loadSchemas(): ReadonlyMap<string, JsonSchema> {
  const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(ENDING) && !file.startsWith("examples/"))
    .sort();
  return new Map(files.map((file) => [file.slice(0, -ENDING.length), readSchema(file)]));
}

function readSchema(file: string): JsonSchema {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8")) as JsonSchema;
}
