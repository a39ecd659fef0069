import { escapeHtml, htmlTable } from "./html.ts";
import { type OpenapiDocument, resolved, type Schema } from "./openapi-document.ts";
import { renderLine } from "./render-text.ts";

type Schemas = OpenapiDocument["components"]["schemas"];

/** A table of every field of a schema by its path, with its type, its limits and what it means. */
export function renderFields(schema: Schema, schemas: Schemas): string {
  const fields = fieldsOf({ path: "", schema, isRequired: false, depth: 0 }, schemas);
  const byPath = new Map<string, Field[]>();
  for (const field of fields) byPath.set(field.path, [...(byPath.get(field.path) ?? []), field]);
  const rows = [...byPath].map(([path, same]) => [
    `<code>${escapeHtml(path)}</code>${same.every((one) => one.isRequired) ? REQUIRED : ""}`,
    escapeHtml([...new Set(same.map((one) => typeOf(one.schema, schemas)))].join(" or ")),
    renderLine(same.map((one) => meaningOf(one.schema, schemas)).find((meaning) => meaning !== "") ?? ""),
  ]);
  return htmlTable(["field", "type", "meaning"], rows);
}

const REQUIRED = ' <span class="required">required</span>';

/** The type of a schema in words, with its limits: `string, 1 to 100 characters`, `en or es`. */
export function typeOf(schema: Schema, schemas: Schemas): string {
  const own = resolved(schema, schemas);
  if (own.const !== undefined) return JSON.stringify(own.const);
  if (own.enum) return own.enum.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ");
  const branches = own.oneOf ?? own.anyOf;
  if (branches) return [...new Set(branches.map((branch) => typeOf(branch, schemas)))].join(" or ");
  if (own.allOf?.[0]) return typeOf(own.allOf[0], schemas);
  const types = typeof own.type === "string" ? [own.type] : (own.type ?? ["anything"]);
  const [first = "anything", ...others] = types;
  const named = first === "array" && own.items ? `list of ${typeOf(own.items, schemas)}` : first;
  return [[named, ...others].join(" or "), ...limitsOf(own)].join(", ");
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly depth: number;
}

const DEEPEST = 8;

function fieldsOf(field: Field, schemas: Schemas): readonly Field[] {
  const { path, depth } = field;
  if (depth > DEEPEST) return [];
  const own = resolved(field.schema, schemas);
  const inner = (schema: Schema) => fieldsOf({ ...field, schema, depth: depth + 1 }, schemas);
  const branches = [
    ...(own.allOf ?? []).map(inner),
    ...alternatives([...(own.oneOf ?? []), ...(own.anyOf ?? [])].map(inner)),
  ];
  const properties = Object.entries(own.properties ?? {}).flatMap(([name, schema]) => {
    const isRequired = own.required?.includes(name) ?? false;
    const child = { path: path === "" ? name : `${path}.${name}`, schema, isRequired, depth: depth + 1 };
    return [child, ...fieldsOf(child, schemas)];
  });
  const items = own.items
    ? fieldsOf({ ...field, path: `${path}[]`, schema: own.items, depth: depth + 1 }, schemas)
    : [];
  const values =
    typeof own.additionalProperties === "object"
      ? fieldsOf({ ...field, path: `${path}.*`, schema: own.additionalProperties, depth: depth + 1 }, schemas)
      : [];
  return [...properties, ...branches.flat(), ...items, ...values];
}

/** What only some branches have is not required by the whole. */
function alternatives(branches: readonly (readonly Field[])[]): readonly (readonly Field[])[] {
  const shaped = branches.filter((fields) => fields.length > 0);
  const isEverywhere = (path: string) => shaped.every((fields) => fields.some((field) => field.path === path));
  return shaped.map((fields) =>
    fields.map((field) => (isEverywhere(field.path) ? field : { ...field, isRequired: false })),
  );
}

function limitsOf({ format, minimum, exclusiveMinimum, maximum, minLength, maxLength, minItems, maxItems }: Schema) {
  const limits = [
    format,
    range("", minimum, maximum),
    exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`,
    range(" characters", minLength, maxLength),
    range(" items", minItems, maxItems),
  ];
  return limits.filter((limit) => limit !== undefined);
}

function range(unit: string, from?: number, to?: number): string | undefined {
  if (from !== undefined && to !== undefined) return `${from} to ${to}${unit}`;
  if (from !== undefined) return `at least ${from}${unit}`;
  return to === undefined ? undefined : `at most ${to}${unit}`;
}

function meaningOf(schema: Schema, schemas: Schemas): string {
  return schema.description ?? resolved(schema, schemas).description ?? "";
}
