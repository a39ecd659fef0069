import type { FieldValue, Path, Values } from "./fields.ts";

/** The value of a path that a command names. A command without it was put together wrongly: a bug, not a refusal. */
export function statedValue(values: Values, path: Path): FieldValue {
  const value = values[path];
  if (value === undefined) throw new Error(`command names ${path} without its value`);
  return value;
}
