/** What an option is. A default may name another option in braces, e.g. "http://127.0.0.1:{GATEWAY_PORT}". */
export interface Option {
  readonly type: "string" | "integer" | "boolean" | "list" | "url";
  readonly sentence: string;
  readonly default?: string | number | boolean | readonly string[];
  /** Without a default and without this, a missing value is a problem. */
  readonly optional?: true;
  /** The value is never shown: not in errors, not in logs, not in printed documents. */
  readonly secret?: true;
  readonly oneOf?: readonly string[];
  readonly protocols?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
}

export type OptionTable = Readonly<Record<string, Option>>;
export type Environment = Readonly<Record<string, string | undefined>>;

type Capitalized<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Lowercase<Head>>}${Capitalized<Tail>}`
  : Capitalize<Lowercase<S>>;
type CamelCase<S extends string> = Uncapitalize<Capitalized<S>>;

type ValueOf<O> = O extends { oneOf: readonly (infer Choice)[] }
  ? Choice
  : O extends { type: "integer" }
    ? number
    : O extends { type: "boolean" }
      ? boolean
      : O extends { type: "list" }
        ? readonly string[]
        : string;

/** The values of a table: DATABASE_URL becomes databaseUrl; only an optional one may be undefined. */
export type ValuesOf<Table extends OptionTable> = {
  readonly [Name in keyof Table & string as CamelCase<Name>]:
    | ValueOf<Table[Name]>
    | (Table[Name] extends { optional: true } ? undefined : never);
};

type Value = string | number | boolean | readonly string[] | undefined;
type Parsed = { readonly value: Value } | { readonly problem: string };

/**
 * Reads every option of the table out of an environment; a blank variable counts as not set.
 * Never throws: all problems come back together, one sentence each, and no sentence shows a secret.
 */
export function parseOptions(table: OptionTable, environment: Environment) {
  const values: Record<string, Value> = {};
  const problems: string[] = [];
  for (const [name, option] of Object.entries(table)) {
    const own = environment[name]?.trim();
    const parsed = parseOption(option, own || defaultOf(table, environment, name));
    if ("value" in parsed) values[camelCase(name)] = parsed.value;
    // A default that does not fit follows another option that does not: one problem, not two.
    else if (own || option.default === undefined) problems.push(`${name} ${parsed.problem}`);
  }
  return { values, problems };
}

/** DATABASE_URL → databaseUrl: the key an environment variable has in the configuration. */
export function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function defaultOf(table: OptionTable, environment: Environment, name: string): string | undefined {
  const fallback = table[name]?.default;
  if (fallback === undefined) return undefined;
  return String(fallback).replace(
    /\{([A-Z_]+)\}/g,
    (_, other: string) => environment[other]?.trim() || (defaultOf(table, environment, other) ?? ""),
  );
}

function parseOption(option: Option, text: string | undefined): Parsed {
  if (text === undefined || text === "") return absent(option);
  const parsed = parseText(option, text);
  if ("value" in parsed || option.secret) return parsed;
  return { problem: `${parsed.problem}, not ${JSON.stringify(text)}` };
}

function absent(option: Option): Parsed {
  if (option.type === "list" && option.default !== undefined) return { value: Object.freeze([]) };
  if (option.optional) return { value: undefined };
  if (option.type === "string" && option.default === "") return { value: "" };
  return { problem: "is required" };
}

function parseText(option: Option, text: string): Parsed {
  switch (option.type) {
    case "string":
      return parseString(option, text);
    case "integer":
      return parseInteger(option, text);
    case "boolean":
      return text === "true" || text === "false" ? { value: text === "true" } : { problem: "must be true or false" };
    case "list":
      return parseList(text);
    case "url":
      return parseUrl(option, text);
    default:
      return option.type satisfies never;
  }
}

function parseString(option: Option, text: string): Parsed {
  if (option.oneOf && !option.oneOf.includes(text)) return { problem: `must be one of ${option.oneOf.join(", ")}` };
  if (option.minLength && text.length < option.minLength) {
    return { problem: `must have at least ${option.minLength} characters` };
  }
  return { value: text };
}

function parseInteger({ min = 0, max = Number.MAX_SAFE_INTEGER }: Option, text: string): Parsed {
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return { value: number };
  const upTo = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return { problem: `must be an integer ${upTo}` };
}

function parseList(text: string): Parsed {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) return { problem: "must be a comma-separated list without empty items" };
  return { value: Object.freeze(items) };
}

function parseUrl(option: Option, text: string): Parsed {
  const schemes = option.protocols ?? ["http", "https"];
  const parsed = URL.parse(text);
  if (!parsed || !schemes.includes(parsed.protocol.slice(0, -1))) {
    return { problem: `must be a URL with the scheme ${schemes.join(" or ")}` };
  }
  return { value: text.replace(/\/+$/, "") };
}
