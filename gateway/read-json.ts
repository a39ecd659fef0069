import type { Problem } from "../domain/refusals.ts";
import { findJsonFault } from "./json-fault.ts";
import { RequestRefused, refuseProblems } from "./request-refused.ts";

/**
 * Reads a body: JSON in UTF-8; an empty one counts as `{}`. Refuses with INVALID_REQUEST what is not JSON (the message
 * names the place and quotes nothing), and what no store or hash could take: text with a NUL or half a surrogate pair,
 * numbers beyond a double, more than 32 levels, more than 10,000 values (checks may take the square of their number).
 */
export function readJson(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  if (text.trim() === "") return {};
  const value = parsed(text);
  refuseProblems(unstorable(value));
  return value;
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

function decoded(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch (cause) {
    throw new RequestRefused("INVALID_REQUEST", { message: "The body is not valid UTF-8", cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    const place = fault ? ` at line ${fault.line}, column ${fault.column}` : "";
    throw new RequestRefused("INVALID_REQUEST", { message: `The body is not valid JSON${place}`, cause });
  }
}

const DEEPEST = 32;
const MOST_VALUES = 10_000;

/** At most one problem: the first found says enough of a body like that. */
function unstorable(root: unknown): readonly Problem[] {
  const waiting: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: root, path: "", depth: 0 },
  ];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path, depth } = next;
    count += 1;
    const fault = faultOf(value, depth);
    if (fault !== null) return [{ path, ...fault }];
    if (typeof value !== "object" || value === null) continue;
    const size = Array.isArray(value) ? value.length : Object.keys(value).length;
    if (count + waiting.length + size > MOST_VALUES) return [{ path: "", ...TOO_MANY_VALUES }];
    for (const [key, inner] of Object.entries(value)) {
      if (!isStorableText(key)) return [{ path, code: "invalid_characters", message: UNSTORABLE_NAME }];
      waiting.push({ value: inner, path: path === "" ? key : `${path}.${key}`, depth: depth + 1 });
    }
  }
  return [];
}

type Fault = Omit<Problem, "path">;

function faultOf(value: unknown, depth: number): Fault | null {
  if (depth > DEEPEST) return { code: "too_deep", message: `The body is nested deeper than ${DEEPEST} levels` };
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { code: "too_large", message: "The body holds a number that is too large" };
  }
  if (typeof value === "string" && !isStorableText(value)) {
    return { code: "invalid_characters", message: "The body holds text with a NUL or an incomplete character" };
  }
  return null;
}

function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

const UNSTORABLE_NAME = "The body holds a field name with a NUL or an incomplete character";
const TOO_MANY_VALUES: Fault = { code: "too_many", message: `The body holds more than ${MOST_VALUES} values` };
