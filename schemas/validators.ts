import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Problem } from "../domain/refusals.ts";
import { isDateTime } from "./date-time.ts";
import { loadSchemas } from "./load-schema.ts";
import { problemsOf } from "./problems.ts";
import { withTaggedUnions } from "./tagged-unions.ts";

/** Checks one value: no problems means that it fits. Never changes the value. */
export type Validate = (value: unknown) => readonly Problem[];

/** Schemas refer to each other by relative paths; this is what the paths are relative to. */
const BASE = "schema://m2m/";

/**
 * Checks values against the schemas below schemas/, named by their path without the ending (`http/create-link`). Each
 * schema is compiled once, when it is first asked for: ask at the start, not per request. An unknown name throws.
 */
export function createValidators(): (name: string) => Validate {
  const ajv = createAjv();
  for (const [name, schema] of loadSchemas()) ajv.addSchema(withTaggedUnions(schema), addressOf(name));
  return (name) => {
    const check = ajv.getSchema(addressOf(name));
    if (check === undefined) throw new Error(`There is no schema ${name}`);
    return (value) => problemsFound(check, value);
  };
}

/**
 * Ajv as every part of the system uses it: all faults of a value at once, tagged unions by their tag, formats for real
 * (a date is a day of the calendar; a date-time has a zone).
 */
export function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    discriminator: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    // A message from another system names its properties and lets in any other; see messages/cip-results.json.
    allowMatchingProperties: true,
  });
  formats.default(ajv, ["date", "uri"]);
  ajv.addFormat("date-time", { type: "string", validate: isDateTime });
  return ajv;
}

function addressOf(name: string): string {
  return `${BASE}${name}.json`;
}

function problemsFound(check: ValidateFunction, value: unknown): readonly Problem[] {
  return check(value) ? [] : problemsOf(check.errors ?? []);
}
