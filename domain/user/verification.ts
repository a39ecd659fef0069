import type { PartnerSettings } from "../partner.ts";
import { addDays, isBefore } from "../time.ts";
import { canonicalForm } from "./canonical.ts";
import type { FieldValue, Path } from "./fields.ts";
import { winnerOf } from "./precedence.ts";
import { similarityOf } from "./similarity.ts";
import type { User, VerificationChange } from "./user.ts";

/** How far one winner is from what was verified. */
export interface VerifiedDifference {
  readonly path: Path;
  readonly kind: "cosmetic" | "additive" | "material";
}

type Compared = Pick<User, "assertions" | "values" | "verifiedValues" | "verifiedNotApplicable">;

/**
 * B5: where the winners are not what was verified; empty when nothing is. `cosmetic`: capitals, accents, spacing, and
 * names whose words only moved from one part to the next. `additive`: something stands where the snapshot had nothing.
 * `material`: everything else, a verified value that is gone among it.
 */
export function verifiedDifferences(user: Compared): readonly VerifiedDifference[] {
  const haveSameWords =
    wordsOfName((path) => winningValue(user, path)) === wordsOfName((path) => user.verifiedValues[path]);
  return IDENTITY_PATHS.flatMap((path): readonly VerifiedDifference[] => {
    const kind = differenceAt(user, path);
    if (kind === null) return [];
    return [{ path, kind: haveSameWords && path.startsWith("name.") ? "cosmetic" : kind }];
  });
}

/**
 * B5: the class of all differences together. `changedNow` are the winners that changed at once: two or more of idNumber,
 * dob and lastName among them are another person. Null when nothing differs.
 */
export function changeOf(
  differences: readonly VerifiedDifference[],
  changedNow: readonly Path[],
): VerificationChange | null {
  const material = differences.filter(({ kind }) => kind === "material").map(({ path }) => path);
  const substituted = material.filter((path) => SUBSTITUTED.includes(path) && changedNow.includes(path));
  if (substituted.length >= 2) return "substitution";
  if (material.length > 0) return "material";
  const weaker = differences.some(({ kind }) => kind === "additive") ? "additive" : "cosmetic";
  return differences.length === 0 ? null : weaker;
}

/** B6: whether a verification is older than the partner's settings allow; never by default. */
export function isTooOld({ cip }: Pick<User, "cip">, settings: PartnerSettings, now: string): boolean {
  const { cipValidForDays } = settings;
  if (cip.verification === null || cipValidForDays === null) return false;
  return !isBefore(now, addDays(cip.verification.verifiedAt, cipValidForDays));
}

/** Whether the user is verified and nothing asks for the check to be repeated (B5, B6). */
export function isCurrentlyVerified({ state, cip }: Pick<User, "state" | "cip">): boolean {
  return state === "cip_verified" && cip.verification?.current !== false;
}

/** B5: whether a verified user had to be checked again by now, and was not; judged by time, whatever timers have said (G7). */
export function isReverificationOverdue({ state, cip }: Pick<User, "state" | "cip">, now: string): boolean {
  const reverifyBy = cip.verification?.reverifyBy ?? null;
  return state === "cip_verified" && reverifyBy !== null && !isBefore(now, reverifyBy);
}

/** What an identity consists of: a payment method and an image can change freely. */
export const IDENTITY_PATHS = [
  "name.firstName",
  "name.secondName",
  "name.lastName",
  "name.secondLastName",
  "idNumber",
  "idType",
  "dob",
] as const satisfies readonly Path[];

const SUBSTITUTED: readonly Path[] = ["idNumber", "dob", "name.lastName"];

function differenceAt(user: Compared, path: Path): VerifiedDifference["kind"] | null {
  const verified = user.verifiedValues[path];
  const value = winningValue(user, path);
  if (verified === undefined) return value === undefined ? null : "additive";
  if (value === undefined) return "material";
  if (verified === value) return null;
  const similarity = similarityOf(path, canonicalForm(path, verified), canonicalForm(path, value));
  return similarity === "cosmetic" ? "cosmetic" : "material";
}

function winningValue(user: Compared, path: Path): FieldValue | undefined {
  return winnerOf(user, path)?.value ?? undefined;
}

function wordsOfName(valueAt: (path: Path) => FieldValue | undefined): string {
  const parts = IDENTITY_PATHS.filter((path) => path.startsWith("name.")).map((path) => valueAt(path) ?? "");
  return foldedWords(parts.join(" "));
}

/** The words of a name in their order, without capitals and accents. */
function foldedWords(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, "")
    .trim()
    .replace(/\s+/gu, " ");
}
