import type { CipAttempt, SeenResult } from "./cip/attempt.ts";
import type { Actor, DeviceFacts } from "./commands.ts";
import type { DataRequestStatus } from "./data-request/data-request.ts";
import type { Link, LinkStatus } from "./link/link.ts";
import type { Operation, OperationStatus, SeenUpdate } from "./operation/operation.ts";
import type { PolicyApplied, UserFlagged, UserReviewed, VerificationChanged } from "./review/events.ts";
import type { NotApplicablePath, Path, Source, Values } from "./user/fields.ts";
import type { CipFailure, UserAddress, UserState } from "./user/user.ts";

/**
 * What happened, in the words of the event catalogue. `data` leaves (m2m.user-events, webhooks) and holds no value of a
 * field; `private` stays in the history and, together with `data`, is enough to rebuild the user (P5).
 */
export type Happening =
  | UserCreated
  | UserDataUpdated
  | UserStateChanged
  | CipPending
  | CipVerified
  | CipFailed
  | CipResultRecorded
  | VerificationChanged
  | UserReviewed
  | UserFlagged
  | PolicyApplied
  | LinkCreated
  | LinkOpened
  | LinkProgressed
  | LinkEnded
  | DataRequestRaised
  | DataRequestClosed
  | OperationMoved
  | OperationCancelRequested
  | OperationUpdateRecorded;

/** The assertions that came with an event; losing ones too (A8). */
export interface StoredAssertions {
  readonly source: Source;
  readonly values: Values;
  readonly notApplicable: readonly NotApplicablePath[];
}

export interface UserCreated {
  readonly type: "user.created";
  readonly data: UserFacts;
  readonly private: { readonly assertions: StoredAssertions | null };
}

export interface UserDataUpdated {
  readonly type: "user.data_updated";
  /** `paths`: where the winner changed. `shadowedPaths`: stored, but a higher source wins (A8). */
  readonly data: UserFacts & {
    readonly shadowedPaths: readonly Path[];
    /** The answer came after the link's end and the partner accepts such answers (D1). */
    readonly late?: true;
    /** What the source took back (A4); where it had won, the path is in `paths` too. */
    readonly removedPaths?: readonly Path[];
    /** Winners that changed while a check runs on other evidence (D7). */
    readonly notInEvidence?: readonly Path[];
  };
  readonly private: {
    readonly assertions: StoredAssertions;
    /** The data request that this answers (D5). */
    readonly dataRequestId: string | null;
    /** The link whose widget wrote it: its session version moves (C11). */
    readonly widgetLinkId: string | null;
    /** The paths of which the source no longer says anything (A4). */
    readonly removed?: readonly Path[];
    /** Why an operator corrected it (A11). */
    readonly reason?: string;
  };
}

interface UserFacts {
  readonly referenceId: string;
  readonly userId: string;
  readonly paths: readonly Path[];
  readonly source: Source;
  readonly state: UserState;
}

export interface UserStateChanged {
  readonly type: "user.state_changed";
  readonly data: {
    readonly referenceId: string;
    readonly userId: string;
    readonly from: UserState;
    readonly to: UserState;
    readonly reason: string;
  };
  readonly private: null;
}

interface CipFacts {
  readonly referenceId: string;
  readonly userId: string;
  readonly attemptId: string;
}

/** `synthesized`: the move was missing and is written when the result proves it (B2). */
export interface CipPending {
  readonly type: "user.cip_pending";
  readonly data: CipFacts & { readonly synthesized?: true };
  readonly private: { readonly attempt: CipAttempt };
}

export interface CipVerified {
  readonly type: "user.cip_verified";
  readonly data: CipFacts & {
    readonly verifiedAt: string;
    readonly revised?: true;
    /** A person decided it (B14). */
    readonly decidedBy?: "operator";
  };
  readonly private: {
    readonly seen: SeenResult;
    /** What the provider read from documents (A10). */
    readonly verifiedOutputs?: Values;
    /** What counts as verified when a person accepted something else than the attempt's evidence (B14). */
    readonly accepted?: { readonly values: Values; readonly notApplicable: readonly Path[] };
  };
}

export interface CipFailed {
  readonly type: "user.cip_failed";
  readonly data: CipFacts & {
    readonly failure: CipFailure;
    readonly revised?: true;
    /** A person decided it (B14). */
    readonly decidedBy?: "operator";
  };
  readonly private: { readonly seen: SeenResult; readonly isFinal: boolean; readonly verifiedOutputs?: Values };
}

/**
 * A result that does not verify or fail the user: abandoned (B8), needs data (B15), late, contradictory (B4).
 * In m2m.user-events for completeness; never a webhook.
 */
export interface CipResultRecorded {
  readonly type: "user.cip_result_recorded";
  readonly data: CipFacts & { readonly outcome: SeenResult["outcome"]; readonly effect: SeenResult["effect"] };
  readonly private: {
    readonly seen: SeenResult;
    /** The attempt's status afterwards. */
    readonly status: CipAttempt["status"];
    readonly dueFields: { readonly [path in Path]?: string };
  };
}

export interface LinkCreated {
  readonly type: "link.created";
  readonly data: {
    readonly linkId: string;
    readonly referenceId: string;
    /** Without the token. */
    readonly url: string;
    readonly status: "created";
    readonly expiresAt: string;
    readonly createdAt: string;
    readonly metadata?: { readonly [key: string]: unknown };
  };
  readonly private: { readonly link: Link };
}

export interface LinkOpened {
  readonly type: "link.opened";
  readonly data: {
    readonly linkId: string;
    readonly referenceId: string;
    readonly openedAt: string;
    readonly deviceInfo: DeviceFacts;
  };
  readonly private: null;
}

interface LinkFacts<Status extends LinkStatus> {
  readonly linkId: string;
  readonly referenceId: string;
  readonly status: Status;
  readonly at: string;
  readonly reason?: string;
}

export interface LinkProgressed {
  readonly type: "link.in_progress";
  readonly data: LinkFacts<"in_progress">;
  readonly private: null;
}

/** `expiredAt` is the link's expiresAt, also when the expiry is written later (C5). */
export interface LinkEnded {
  readonly type: "link.completed" | "link.expired" | "link.revoked";
  readonly data: LinkFacts<"completed" | "expired" | "revoked"> & { readonly expiredAt?: string };
  readonly private: null;
}

export interface DataRequestRaised {
  readonly type: "user.data_request";
  readonly data: {
    readonly dataRequestId: string;
    readonly referenceId: string;
    readonly linkId: string;
    readonly requiredFields: readonly Path[];
    /** The full address that answers it. */
    readonly replyEndpoint: string;
    readonly expiresAt: string;
  };
  readonly private: null;
}

export interface DataRequestClosed {
  readonly type: "user.data_request.closed";
  readonly data: {
    readonly dataRequestId: string;
    readonly referenceId: string;
    readonly linkId: string;
    readonly status: Exclude<DataRequestStatus, "open" | "partially_answered">;
  };
  readonly private: null;
}

/** The operation as partners see it; the account that receives the money is not part of an event. */
export interface OperationFacts {
  readonly operationId: string;
  readonly userId: string;
  readonly linkId: string;
  readonly referenceId: string;
  readonly status: OperationStatus;
  readonly amount: Operation["amount"];
  readonly funding: { readonly [key: string]: unknown };
  readonly payout: { readonly type: Operation["paymentMethod"]["type"] };
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly failedAt: string | null;
  readonly failureReason: string | null;
  /** The user asked to cancel it, whatever became of that (J5). */
  readonly cancelRequested?: true;
  /** A person said how it ended, not the payment system (J6). */
  readonly resolvedBy?: "operator";
}

export interface OperationMoved {
  readonly type: `operation.${OperationStatus}`;
  readonly data: OperationFacts;
  /** `operation` for operation.created, `seen` for every later move. */
  readonly private: {
    readonly operation: Operation | null;
    readonly seen: SeenUpdate | null;
    /** Why an operator resolved it (J6). */
    readonly reason?: string;
  };
}

/** J5: the user asked to cancel; what becomes of it the payment system says. Never a webhook. */
export interface OperationCancelRequested {
  readonly type: "operation.cancel_requested";
  readonly data: { readonly operationId: string; readonly linkId: string; readonly referenceId: string };
  readonly private: { readonly seen: SeenUpdate };
}

/** An update that changed nothing: after a final state, or a second, different final state (J4). Never a webhook. */
export interface OperationUpdateRecorded {
  readonly type: "operation.update_recorded";
  readonly data: {
    readonly operationId: string;
    readonly referenceId: string;
    readonly status: SeenUpdate["status"];
    readonly effect: Exclude<SeenUpdate["effect"], "requested">;
    /** A person looked at the contradiction and the first outcome stays (J6). */
    readonly resolvedBy?: "operator";
  };
  readonly private: { readonly seen: SeenUpdate; readonly reason?: string };
}

export type EventType = Happening["type"];

/** A happening with its place in the user's history. */
export type UserEvent = Happening & {
  readonly eventId: string;
  readonly address: UserAddress;
  readonly userId: string;
  /** Gapless per user, from 1. */
  readonly sequence: number;
  readonly userVersion: number;
  readonly at: string;
  readonly commandId: string;
  readonly actor: Actor;
};
