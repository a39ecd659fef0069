import { canonicalForm } from "../user/canonical.ts";
import type { Path, Values } from "../user/fields.ts";
import { winnerOf } from "../user/precedence.ts";
import { similarityOf } from "../user/similarity.ts";
import type { OutputDifference, User } from "../user/user.ts";
import { IDENTITY_PATHS } from "../user/verification.ts";

/**
 * A10: what the provider read from documents, compared with the winners; names paths, never values. It is no source: it
 * changes no winner, and what nobody has provided stays missing.
 */
export function outputDifferences(
  user: Pick<User, "assertions" | "values">,
  outputs: Values,
): readonly OutputDifference[] {
  return IDENTITY_PATHS.flatMap((path: Path): readonly OutputDifference[] => {
    const output = outputs[path];
    const value = winnerOf(user, path)?.value ?? null;
    if (output === undefined) return [];
    if (value === null) return [{ path, similarity: "different" }];
    const [read, said] = [canonicalForm(path, output), canonicalForm(path, value)];
    return read === said ? [] : [{ path, similarity: similarityOf(path, read, said) }];
  });
}
