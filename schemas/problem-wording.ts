import type { ErrorObject } from "ajv";
import { isChoiceOfNames } from "./problem-noise.ts";

/** What is wrong: a code for programs, and the end of a sentence that begins with the field. */
export interface Wording {
  readonly code: string;
  readonly rest: string;
}

/**
 * Puts one ajv error into words. A `pattern` is told by the description beside it, which therefore has to complete
 * "must be …"; so every pattern in schemas/ has one.
 */
export function wordingOf(error: ErrorObject): Wording {
  if (isLeftEmpty(error)) return REQUIRED;
  if (isChoiceOfNames(error)) return { code: "required", rest: `must have ${choices(error.schema)}` };
  return WORDINGS[error.keyword]?.(error) ?? { code: "not_allowed", rest: "does not have an allowed shape" };
}

const REQUIRED: Wording = { code: "required", rest: "is required" };

const WORDINGS: Readonly<Record<string, (error: ErrorObject) => Wording>> = {
  required: () => REQUIRED,
  type: ({ params }) => ({ code: "wrong_type", rest: `must be ${kinds(params["type"])}` }),
  enum: ({ params }) => ({ code: "not_allowed", rest: `must be one of: ${list(params["allowedValues"])}` }),
  const: ({ params }) => ({ code: "not_allowed", rest: `must be ${params["allowedValue"]}` }),
  minimum: (error) => ({ code: "out_of_range", rest: `must be ${range(error)}` }),
  maximum: (error) => ({ code: "out_of_range", rest: `must be ${range(error)}` }),
  exclusiveMinimum: ({ params }) => ({ code: "out_of_range", rest: `must be more than ${params["limit"]}` }),
  minLength: ({ params }) => ({ code: "too_short", rest: `must have at least ${count(params["limit"], "character")}` }),
  maxLength: ({ params }) => ({ code: "too_long", rest: `must have at most ${count(params["limit"], "character")}` }),
  minItems: ({ params }) => ({ code: "too_few", rest: `must have at least ${count(params["limit"], "item")}` }),
  maxItems: ({ params }) => ({ code: "too_many", rest: `must have at most ${count(params["limit"], "item")}` }),
  maxProperties: ({ params }) => ({ code: "too_many", rest: `must have at most ${count(params["limit"], "key")}` }),
  uniqueItems: () => ({ code: "repeated", rest: "must not name the same item twice" }),
  additionalProperties: () => ({ code: "unknown_field", rest: "is not known here" }),
  pattern: ({ parentSchema }) => ({ code: "wrong_format", rest: `must be ${describe(parentSchema)}` }),
  format: ({ params }) => ({
    code: "wrong_format",
    rest: `must be ${FORMATS[String(params["format"])] ?? "well formed"}`,
  }),
};

const FORMATS: Readonly<Record<string, string>> = {
  date: "a real date, as 1990-05-15",
  "date-time": "a time in ISO 8601 with a time zone, as 2026-01-31T09:30:00Z",
  uri: "a full URL, as https://example.com/path",
};

const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  null: "null",
};

/** Empty text where text is needed: to the caller the field is missing. */
function isLeftEmpty({ keyword, data }: ErrorObject): boolean {
  return data === "" && ["minLength", "pattern", "format"].includes(keyword);
}

function kinds(type: unknown): string {
  return [type]
    .flat()
    .map((kind) => KINDS[String(kind)] ?? "something else")
    .join(" or ");
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.filter((value) => value !== null).join(", ") : "";
}

function range({ parentSchema, params }: ErrorObject): string {
  const { minimum, maximum } = parentSchema ?? {};
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
  return `${params["comparison"] === ">=" ? "at least" : "at most"} ${params["limit"]}`;
}

function count(limit: unknown, what: string): string {
  return `${limit} ${what}${limit === 1 ? "" : "s"}`;
}

function describe(schema: ErrorObject["parentSchema"]): string {
  return String(schema?.["description"] ?? "of the documented form");
}

function choices(schema: unknown): string {
  const branches = (schema as readonly { readonly required: readonly string[] }[]).map(({ required }) =>
    required.length > 1 ? `${required.slice(0, -1).join(", ")} and ${required.at(-1)}` : String(required[0]),
  );
  return branches.join(", or ");
}
