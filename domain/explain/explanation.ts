import type { Step } from "../link/session.ts";
import type { RefusalCode } from "../refusals.ts";
import type { Path, Source } from "../user/fields.ts";
import type { Similarity } from "../user/similarity.ts";
import type { UserState, VerificationChange } from "../user/user.ts";

/** Why a user is as it is, in sentences for a support engineer; without values unless they were asked for. */
export interface Explanation {
  readonly userId: string;
  readonly referenceId: string;
  readonly userVersion: number;
  /** The last event that is looked at. */
  readonly sequence: number;
  /** The moment that is explained: now, or for an earlier sequence the time of its event. */
  readonly at: string;
  readonly state: ExplainedState;
  readonly fields: readonly ExplainedField[];
  /** What was verified, while the winners are no longer that (B5); null otherwise. */
  readonly verified: ExplainedVerified | null;
  readonly conflicts: readonly ExplainedConflict[];
  readonly createNow: ExplainedCreate;
  readonly dataRequest: ExplainedDataRequest;
  readonly operations: readonly ExplainedOperation[];
  readonly missing: readonly ExplainedGap[];
  /** Who has to do something now; empty when nobody has. */
  readonly next: readonly NextAction[];
}

export interface ExplainedState {
  readonly state: UserState;
  readonly since: string;
  /** The event that put the user there. */
  readonly sequence: number;
  /** The command behind that event. */
  readonly cause: string;
  readonly sentence: string;
  /** What else there is to know of the identity check, one sentence each. */
  readonly facts: readonly string[];
}

export interface ExplainedVerified {
  readonly verifiedAt: string;
  readonly attemptId: string;
  readonly change: VerificationChange;
  readonly fields: readonly {
    readonly path: Path;
    readonly isChanged: boolean;
    /** Only when values are revealed; null when it was verified that the person has none. */
    readonly value?: unknown;
  }[];
  readonly sentence: string;
}

/** A path with its winner, and every word about it that does not count. */
export interface ExplainedField {
  readonly path: Path;
  readonly source: Source;
  readonly at: string;
  readonly sequence: number;
  /** 1 is the strongest source. */
  readonly rank: number;
  readonly sentence: string;
  readonly losers: readonly ExplainedLoser[];
  /** Only when values are revealed; null when the source said that the person has none. */
  readonly value?: unknown;
}

export interface ExplainedLoser {
  readonly source: Source;
  readonly at: string;
  readonly sequence: number;
  /** `outranked`: a stronger source has spoken; `replaced`: the same source has said something newer. */
  readonly reason: "outranked" | "replaced";
  /** Of what was outranked in a name, dob or idNumber; null when it says the same, or for other fields. */
  readonly similarity: Similarity | null;
  readonly sentence: string;
  readonly value?: unknown;
}

export interface ExplainedConflict {
  readonly kind: "mixed_pair" | "contradiction";
  readonly paths: readonly Path[];
  readonly sentence: string;
}

/** What POST /partner/links with nothing but the referenceId would answer. */
export interface ExplainedCreate {
  readonly status: "created" | "refused";
  readonly code: RefusalCode | null;
  /** What the link's page would show. */
  readonly steps: readonly Step[];
  readonly sentence: string;
}

export interface ExplainedDataRequest {
  /** The newest link's; null when none was sent. */
  readonly dataRequestId: string | null;
  readonly sentence: string;
}

export interface ExplainedOperation {
  readonly operationId: string;
  readonly isOverdue: boolean;
  readonly sentence: string;
}

export type Party = "partner" | "user" | "cip" | "payments" | "operator";

/** A field that CIP misses, and who can give it. */
export interface ExplainedGap {
  readonly path: Path;
  readonly who: readonly Party[];
  readonly sentence: string;
}

export interface NextAction {
  readonly who: Party;
  readonly sentence: string;
}
