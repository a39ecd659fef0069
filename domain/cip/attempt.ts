import type { Path, Source, Values } from "../user/fields.ts";
import type { CipFailure } from "../user/user.ts";

export const CIP_OUTCOMES = ["verified", "failed", "needs_data", "abandoned"] as const;

export type CipOutcome = (typeof CIP_OUTCOMES)[number];

export type CipAttemptStatus = "open" | CipOutcome;

/** What the internal CIP system says of an attempt, as it arrived. */
export interface CipResult {
  readonly provider: string;
  readonly providerEventId: string;
  readonly outcome: CipOutcome;
  readonly revision: number | null;
  readonly reasons: readonly { readonly code: string; readonly field?: string; readonly retryable: boolean }[];
  readonly isFinal: boolean;
  readonly missingFields: readonly Path[];
  readonly occurredAt: string;
}

/** A result that was seen, and what became of it (B3, B4). */
export interface SeenResult {
  readonly provider: string;
  readonly providerEventId: string;
  readonly outcome: CipOutcome;
  readonly revision: number | null;
  readonly at: string;
  readonly effect: "applied" | "recorded" | "held_for_review";
  /** The word of a person (B14), which no provider overrules. */
  readonly decidedBy?: "operator";
}

/** What was submitted, frozen (D7): for each path its source and sequence, and a hash over the values. */
export interface Evidence {
  readonly fields: { readonly [path in Path]?: { readonly source: Source; readonly sequence: number } };
  /** FNV-1a over the canonical values: tells "the same evidence" apart, protects nothing. */
  readonly fingerprint: string;
}

/** Who began it: the user on the page, a substituted identity (B5), or the partner (B17). */
export const CIP_ATTEMPT_KINDS = ["automatic", "review", "ticket"] as const;

export type CipAttemptKind = (typeof CIP_ATTEMPT_KINDS)[number];

export interface CipAttempt {
  readonly attemptId: string;
  readonly kind: CipAttemptKind;
  /** Null for one that a change of data began (B5): it belongs to no link. */
  readonly linkId: string | null;
  /** 1 for a user's first attempt; order of attempts is by number, never by a clock (G2). */
  readonly number: number;
  readonly status: CipAttemptStatus;
  readonly policy: string;
  readonly evidence: Evidence;
  readonly evidenceValues: Values;
  readonly notApplicable: readonly Path[];
  readonly revision: number | null;
  readonly failure: CipFailure | null;
  readonly isFinal: boolean;
  /** What the provider read from documents, by its last word that applied (A10). */
  readonly verifiedOutputs: Values | null;
  readonly results: readonly SeenResult[];
  readonly createdAt: string;
  readonly closedAt: string | null;
}
