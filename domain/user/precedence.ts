import { type Assertion, type FieldValue, PATHS, type Path, SOURCES, type Source } from "./fields.ts";
import type { User } from "./user.ts";

/**
 * S7, A1, A2: the strongest source that has spoken of a path; its newest word counts, and older words of the same
 * source are not kept here. Null when nobody has spoken.
 */
export function winningSource(assertions: User["assertions"], path: Path): Source | null {
  const bySource = assertions[path];
  if (bySource === undefined) return null;
  return SOURCES.find((source) => bySource[source] !== undefined) ?? null;
}

/** The assertion that counts, with its source and value. A "has none" has no value (A4). */
export interface Winner {
  readonly source: Source;
  readonly assertion: Assertion;
  readonly value: FieldValue | null;
}

/** The winner of one path, or null. */
export function winnerOf(user: Pick<User, "assertions" | "values">, path: Path): Winner | null {
  const source = winningSource(user.assertions, path);
  const assertion = source === null ? undefined : user.assertions[path]?.[source];
  if (source === null || assertion === undefined) return null;
  return { source, assertion, value: user.values[path]?.[source] ?? null };
}

/** The winner of every path that has one. */
export function winnersOf(user: Pick<User, "assertions" | "values">): { readonly [path in Path]?: Winner } {
  const winners: { [path in Path]?: Winner } = {};
  for (const path of PATHS) {
    const winner = winnerOf(user, path);
    if (winner !== null) winners[path] = winner;
  }
  return winners;
}

/** Whether a source is stronger than another (S7). */
export function outranks(source: Source, other: Source): boolean {
  return SOURCES.indexOf(source) < SOURCES.indexOf(other);
}
