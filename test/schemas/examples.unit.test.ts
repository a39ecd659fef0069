import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSchemas } from "../../schemas/load-schema.ts";
import { createValidators } from "../../schemas/validators.ts";

interface Example {
  readonly title: string;
  readonly value: unknown;
}

interface Examples {
  readonly valid: readonly Example[];
  /** `path`: where the fault is told. */
  readonly invalid: readonly (Example & { readonly path: string })[];
}

const NAMES = [...loadSchemas().keys()].filter((name) => name !== "words");
const validators = createValidators();

describe.each(NAMES)("%s", (name) => {
  const validate = validators(name);
  const { valid, invalid } = examplesOf(name);

  test("has examples of both kinds", () => {
    expect(valid).not.toHaveLength(0);
    expect(invalid).not.toHaveLength(0);
  });

  test.each(valid)("takes: $title", ({ value }) => {
    expect(validate(value)).toEqual([]);
  });

  test.each(invalid)("refuses, and tells where: $title", ({ value, path }) => {
    expect(validate(value).map((problem) => problem.path)).toContain(path);
  });
});

function examplesOf(name: string): Examples {
  const file = join(import.meta.dirname, "../../schemas/examples", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Examples;
}
