import type { Path } from "./fields.ts";

/** How far apart two words about the same path are (A8). */
export type Similarity = "cosmetic" | "similar" | "different";

/**
 * A8: `cosmetic`: the same but for capitals, accents and separators. `similar`: one slip of the hand apart (a character
 * added, dropped, changed, or swapped with its neighbour); of a name also when all words of one are in the other, of a
 * dob also when day and month are swapped. Everything else is `different`. Both words in canonical form.
 */
export function similarityOf(path: Path, one: string, other: string): Similarity {
  if (folded(one) === folded(other)) return "cosmetic";
  if (isOneSlip(folded(one), folded(other))) return "similar";
  if (path.startsWith("name.")) return isContained(one, other) || isContained(other, one) ? "similar" : "different";
  return path === "dob" && withDayAndMonthSwapped(one) === other ? "similar" : "different";
}

/** Letters and digits only, without accents, in small letters. */
function folded(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function isOneSlip(one: string, other: string): boolean {
  const [a, b] = withoutSharedEnds(one, other);
  if (a.length <= 1 && b.length <= 1) return true;
  return a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
}

function withoutSharedEnds(one: string, other: string): readonly [string, string] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}

function isContained(one: string, other: string): boolean {
  const words = new Set(wordsOf(other));
  return wordsOf(one).every((word) => words.has(word));
}

function wordsOf(name: string): readonly string[] {
  return name.split(" ").map(folded);
}

function withDayAndMonthSwapped(dob: string): string {
  const [year, month, day] = dob.split("-");
  return `${year}-${day}-${month}`;
}
