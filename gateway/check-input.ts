import type { Problem } from "../domain/refusals.ts";
import type { Validate } from "../schemas/validators.ts";
import { refuseProblems } from "./request-refused.ts";

/** Something in an accepted request that was not used, or that will hurt later. */
export interface Warning {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** How an input is checked. */
export interface InputCheck {
  readonly validate: Validate;
  /** What a schema cannot say. May be asked about an input that its schema refuses. */
  readonly rules?: (input: Readonly<Record<string, unknown>>) => readonly Problem[];
}

/**
 * The input as what its schema says it is. Refuses with INVALID_REQUEST and every problem (A9); where the schema already
 * objects to a field, the rules' objection to the same field is left out.
 */
export function checkedInput<T extends object>(input: unknown, { validate, rules }: InputCheck): T {
  const problems = validate(input);
  const byRules = isRecord(input) ? (rules?.(input) ?? []) : [];
  const isSaid = ({ path }: Problem) => problems.some((said) => said.path === path);
  refuseProblems([...problems, ...byRules.filter((problem) => !isSaid(problem))]);
  return input as T;
}

/** A warning for each name of a body that the contract does not know; such fields are not stored. */
export function unknownFields<T extends object>(body: T, known: Readonly<Record<keyof T, true>>): readonly Warning[] {
  return unknownFieldWarnings(Object.keys(body).filter((name) => !Object.hasOwn(known, name)));
}

/** A warning for each of these dotted paths. */
export function unknownFieldWarnings(paths: readonly string[]): readonly Warning[] {
  return paths.map((path) => ({
    code: "unknown_field",
    path,
    message: `${path} is not a known field; it was not stored`,
  }));
}

/** `warnings` of an answer that has them only when there are any. */
export function withWarnings(warnings: readonly Warning[]): { readonly warnings?: readonly Warning[] } {
  return warnings.length === 0 ? {} : { warnings };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
