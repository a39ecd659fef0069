import type { Assertion, FieldValue, Path, Source, Values } from "./fields.ts";
import type { Similarity } from "./similarity.ts";

export const USER_STATES = [
  "pending",
  "data_incomplete",
  "data_complete",
  "cip_pending",
  "cip_verified",
  "cip_failed",
] as const;

export type UserState = (typeof USER_STATES)[number];

export type Environment = "test" | "live";

/** What identifies a user: a partner's own identifier inside one environment. */
export interface UserAddress {
  readonly partner: string;
  readonly environment: Environment;
  readonly referenceId: string;
}

/** Why the last identity check failed. */
export interface CipFailure {
  readonly code: string;
  readonly retryable: boolean;
}

/** B5: how far the winners have moved away from what was verified. */
export const VERIFICATION_CHANGES = ["cosmetic", "additive", "material", "substitution"] as const;

export type VerificationChange = (typeof VERIFICATION_CHANGES)[number];

/** The verification that counts (B5, B7); the values that were verified stand apart, in `User.verifiedValues`. */
export interface Verification {
  readonly attemptId: string;
  readonly verifiedAt: string;
  /** The required-fields policy of its attempt, as `basic@1` (B7). */
  readonly policy: string;
  /** False: the user has to be checked again, by `reverifyBy`. */
  readonly current: boolean;
  readonly reverifyBy: string | null;
  /** Null while the winners are what was verified; `material` with no path: it is too old (B6). */
  readonly change: VerificationChange | null;
  readonly changedPaths: readonly Path[];
}

/** A10: a field that the provider read otherwise from the documents than the winner said when the result came. */
export interface OutputDifference {
  readonly path: Path;
  readonly similarity: Similarity;
}

/** B7: fields that a grown policy wants of a user who is verified all the same, and by when. */
export interface EventuallyDue {
  readonly policy: string;
  readonly paths: readonly Path[];
  readonly by: string;
}

/** Something about a user that a person should look at (A13, B10); a review takes it away (B14). */
export interface UserFlag {
  readonly flag: "unstable_identity" | "needs_review";
  readonly at: string;
  readonly paths: readonly Path[];
}

/** A13: a source said something else of a name, dob or idNumber than it had said before. */
export interface IdentityFlip {
  readonly source: Source;
  readonly field: "name" | "dob" | "idNumber";
  readonly at: string;
}

/** The user's identity check in one place; the attempts themselves are records of their own. */
export interface UserCip {
  /** Attempts that were started; the newest has this number. */
  readonly attempts: number;
  readonly currentAttemptId: string | null;
  readonly verifiedAt: string | null;
  readonly verifiedAttemptId: string | null;
  readonly failure: CipFailure | null;
  /** A failure that only an operator can lift (B4). */
  readonly isFinal: boolean;
  /** The provider contradicted itself without a revision, or after a final failure: a person has to look (B4). */
  readonly isHeldForReview: boolean;
  /** Fields that the provider asked for again, with its reason (B15); a new value for the path clears it. */
  readonly dueFields: { readonly [path in Path]?: string };
  /** Null before the first verification, and after a failed check. */
  readonly verification: Verification | null;
  /** A person has to decide: the attempts are used up (B10), or the identity was substituted (B5). */
  readonly needsReview: boolean;
  /** Attempts that operators granted beyond the partner's maximum (B10). */
  readonly extraAttempts: number;
  readonly verifiedOutputDifferences: readonly OutputDifference[];
  readonly eventuallyDue: EventuallyDue | null;
}

export interface User extends UserAddress {
  readonly userId: string;
  readonly state: UserState;
  /** Moves once per accepted command that changed something. */
  readonly version: number;
  /** The sequence of the user's newest event. */
  readonly lastSequence: number;
  /** The time of the user's newest event; time per user never goes back (G1). */
  readonly lastAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly assertions: { readonly [path in Path]?: { readonly [source in Source]?: Assertion } };
  readonly values: { readonly [path in Path]?: { readonly [source in Source]?: FieldValue } };
  readonly cip: UserCip;
  /** What was verified (B5), apart from the rest like all values; empty without a verification. */
  readonly verifiedValues: Values;
  /** What the person was verified not to have. */
  readonly verifiedNotApplicable: readonly Path[];
  readonly flags: readonly UserFlag[];
  /** The flips of the last 30 days before the newest one (A13). */
  readonly identityFlips: readonly IdentityFlip[];
}
