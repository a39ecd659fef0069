import type { FieldValue, Path } from "../user/fields.ts";
import type { ExplainedVerified } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/**
 * B5: what was verified, for as long as the winners are no longer that and nobody has settled it: compliance goes by this
 * and not by the winners. Null without a verification, and while the winners are what was verified.
 */
export function explainVerified({ user, isRevealed }: Moment): ExplainedVerified | null {
  const { verification } = user.cip;
  if (verification === null || verification.current || verification.change === null) return null;
  const { verifiedAt, attemptId, change, changedPaths } = verification;
  const told = Object.entries(user.verifiedValues) as [Path, FieldValue][];
  const paths = [...told.map(([path]) => path), ...user.verifiedNotApplicable];
  const fields = paths.map((path) => ({
    path,
    isChanged: changedPaths.includes(path),
    ...(isRevealed ? { value: user.verifiedValues[path] ?? null } : {}),
  }));
  return { verifiedAt, attemptId, change, fields, sentence: SENTENCES.verifiedSnapshot(verification) };
}
