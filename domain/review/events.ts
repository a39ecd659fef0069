import type { Path } from "../user/fields.ts";
import type { UserFlag, VerificationChange } from "../user/user.ts";
import type { ReviewDecision } from "./decisions.ts";

// The part of the event catalogue (domain/events.ts) that is only kept: what operators and compliance look at.

/** B5, B6: the winners moved away from what was verified, or back, or it became too old. Never a webhook. */
export interface VerificationChanged {
  readonly type: "user.verification_changed";
  readonly data: {
    readonly referenceId: string;
    readonly userId: string;
    /** The attempt that verified. */
    readonly attemptId: string;
    readonly current: boolean;
    readonly reverifyBy: string | null;
    readonly change: VerificationChange | null;
    readonly paths: readonly Path[];
  };
  readonly private: null;
}

/** B14: a person decided. Never a webhook; what it leads to is. */
export interface UserReviewed {
  readonly type: "user.reviewed";
  readonly data: { readonly referenceId: string; readonly userId: string; readonly decision: ReviewDecision };
  readonly private: {
    readonly reason: string;
    readonly acceptedDifferences: readonly Path[];
    /** What operators have granted beyond the partner's maximum, from now on (B10). */
    readonly extraAttempts: number;
  };
}

/** A13, B10: a person should look. Never a webhook. */
export interface UserFlagged {
  readonly type: "user.flagged";
  readonly data: {
    readonly referenceId: string;
    readonly userId: string;
    readonly flag: UserFlag["flag"];
    readonly paths: readonly Path[];
  };
  readonly private: null;
}

/** A12, B7: the partner's required fields were worked out anew and something changed. Never a webhook. */
export interface PolicyApplied {
  readonly type: "user.policy_applied";
  readonly data: {
    readonly referenceId: string;
    readonly userId: string;
    readonly policy: string;
    readonly missingFields: readonly Path[];
    /** For a verified user: by when the missing fields should be there (B7). */
    readonly eventuallyDueBy: string | null;
  };
  readonly private: null;
}
