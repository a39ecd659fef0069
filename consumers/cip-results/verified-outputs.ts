import type { FieldValue, Path, Values } from "../../domain/user/fields.ts";
import { IDENTITY_PATHS } from "../../domain/user/verification.ts";

const LONGEST: { readonly [path in Path]?: number } = { idNumber: 64, idType: 32 };
const LONGEST_NAME = 100;

/**
 * A10: what a provider read from documents, by path, from either form in which it may be sent (`name.firstName` or nested
 * under `name`). Only fields of an identity whose value could be one of ours; everything else stays outside, because a
 * provider's odd reading must not keep its result from arriving.
 */
export function readVerifiedOutputs(outputs: Readonly<Record<string, unknown>> = {}): Values {
  const name = isObject(outputs["name"]) ? outputs["name"] : {};
  const values: { [path in Path]?: FieldValue } = {};
  for (const path of IDENTITY_PATHS) {
    const value = outputs[path] ?? (path.startsWith("name.") ? name[path.slice("name.".length)] : undefined);
    if (typeof value === "string" && isPossible(path, value)) values[path] = value;
  }
  return values;
}

function isPossible(path: Path, value: string): boolean {
  if (path === "dob") return isDate(value);
  return value.trim() !== "" && value.length <= (LONGEST[path] ?? LONGEST_NAME);
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
