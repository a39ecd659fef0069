import { canonicalForm } from "./canonical.ts";
import { PATHS, type Path, SOURCES, type Source } from "./fields.ts";
import { outranks, type Winner, winnerOf } from "./precedence.ts";
import { type Similarity, similarityOf } from "./similarity.ts";
import type { User } from "./user.ts";

/** Something about a user that a person may want to look at; nothing is changed because of it. Holds no value. */
export type Conflict =
  | {
      readonly kind: "mixed_pair";
      readonly paths: readonly ["idType", "idNumber"];
      /** The winners' sources, in the order of `paths`. */
      readonly sources: readonly [Source, Source];
    }
  | {
      readonly kind: "contradiction";
      readonly path: Path;
      readonly winningSource: Source;
      readonly losingSource: Source;
      readonly similarity: Similarity;
    };

/**
 * A3: idType and idNumber whose winners come from different sources. A8: a name, dob or idNumber of which a losing source
 * says something else than the winner; the same in canonical form (A5) is no contradiction.
 */
export function conflictsOf(user: Pick<User, "assertions" | "values">): readonly Conflict[] {
  return [...mixedPair(user), ...PATHS.filter(isIdentifying).flatMap((path) => contradictions(user, path))];
}

function mixedPair(user: Pick<User, "assertions" | "values">): readonly Conflict[] {
  const [idType, idNumber] = [winnerOf(user, "idType"), winnerOf(user, "idNumber")];
  if (idType === null || idNumber === null || idType.source === idNumber.source) return [];
  return [{ kind: "mixed_pair", paths: ["idType", "idNumber"], sources: [idType.source, idNumber.source] }];
}

function isIdentifying(path: Path): boolean {
  return path.startsWith("name.") || path === "dob" || path === "idNumber";
}

function contradictions(user: Pick<User, "assertions" | "values">, path: Path): readonly Conflict[] {
  const winner = winnerOf(user, path);
  if (winner === null) return [];
  return SOURCES.filter((source) => outranks(winner.source, source)).flatMap((losingSource): readonly Conflict[] => {
    const similarity = similarityTo(winner, { user, path, losingSource });
    return similarity === null
      ? []
      : [{ kind: "contradiction", path, winningSource: winner.source, losingSource, similarity }];
  });
}

interface LosingWord {
  readonly user: Pick<User, "assertions" | "values">;
  readonly path: Path;
  readonly losingSource: Source;
}

/** Null when the losing source has not spoken or agrees. "Has none" against a value differs in the whole (A4). */
function similarityTo({ value }: Winner, { user, path, losingSource }: LosingWord): Similarity | null {
  if (user.assertions[path]?.[losingSource] === undefined) return null;
  const other = user.values[path]?.[losingSource] ?? null;
  if (value === null || other === null) return value === other ? null : "different";
  const [won, lost] = [canonicalForm(path, value), canonicalForm(path, other)];
  return won === lost ? null : similarityOf(path, won, lost);
}
