import type { Assertion, FieldValue, Path, Source } from "./fields.ts";

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
}
