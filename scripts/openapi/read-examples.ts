import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A value that fits a schema, and what it shows. */
export interface Example {
  readonly title: string;
  readonly value: unknown;
}

const EXAMPLES = join(import.meta.dirname, "../../schemas/examples");

/** The valid examples of a schema, named as in `validate`; none where there is no file, which a test of the examples tells. */
export function readExamples(name: string): readonly Example[] {
  const file = join(EXAMPLES, `${name}.json`);
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly valid: readonly Example[] }).valid;
}

/** Examples as OpenAPI has them: by a name without spaces, with the title as summary. */
export function examplesByName(examples: readonly Example[]) {
  return Object.fromEntries(
    examples.map(({ title, value }) => [
      title
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, ""),
      { summary: title, value },
    ]),
  );
}
