import type { Problem } from "../domain/refusals.ts";
import type { Validate } from "../schemas/validators.ts";
import { refuseProblems } from "./request-refused.ts";

/** Something in an accepted request that was not used, or will hurt later. */
export interface Warning {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** An input that its schema and the given rules let through; `T` is the schema's own type. */
export interface InputCheck<T> {
  readonly validate: Validate;
  /** What the schema cannot say; asked only when the schema is content. */
  readonly rules?: (input: T) => readonly Problem[];
}

/** The input as what its schema says it is. Refuses with INVALID_REQUEST and every problem (A9). */
export function checkedInput<T>(input: unknown, { validate, rules }: InputCheck<T>): T {
  refuseProblems(validate(input));
  const checked = input as T;
  refuseProblems(rules?.(checked) ?? []);
  return checked;
}

/** A warning for every field that the contract does not know; such fields are not stored. */
export function unknownFieldWarnings(paths: readonly string[]): readonly Warning[] {
  return paths.map((path) => ({
    code: "unknown_field",
    path,
    message: `${path} is not a field we know; it was not stored`,
  }));
}

/** The names in a body that are none of the known ones. */
export function unknownNames(body: object, known: readonly string[]): readonly string[] {
  return Object.keys(body).filter((name) => !known.includes(name));
}
