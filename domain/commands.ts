import type { CipResult } from "./cip/attempt.ts";
import type { LinkSettings } from "./link/link.ts";
import type { OperationUpdate } from "./operation/operation.ts";
import type { ReviewDecision } from "./review/decisions.ts";
import type { Path, Source, UserDataInput, Values } from "./user/fields.ts";
import type { UserAddress } from "./user/user.ts";

/** Who asks. Kept in the history for those who want to know later. */
export interface Actor {
  readonly kind: "partner" | "user" | "cip" | "payments" | "timer" | "operator";
  /** For a partner the key's id; for systems the provider's name. Never a person's name. */
  readonly id: string | null;
}

interface CommandEnvelope extends UserAddress {
  readonly commandId: string;
  readonly actor: Actor;
  /** When the sender published it: for people, never for order (G2). */
  readonly issuedAt: string;
  /** The channel of the gateway that waits for the decision. */
  readonly replyTo: string | null;
  /** Values of the fields named in the payload; apart, so that they can be sealed per user. */
  readonly values: Values;
}

export interface CreateLink extends CommandEnvelope {
  readonly type: "CreateLink";
  readonly payload: LinkSettings & {
    readonly expiresInMinutes: number | null;
    readonly onActive: "error" | "return" | "replace";
    readonly userData: UserDataInput;
  };
}

export interface RevokeLink extends CommandEnvelope {
  readonly type: "RevokeLink";
  readonly payload: {
    readonly linkId: string;
    readonly reason: string | null;
    /** E2: also a link in progress, as long as no transfer commits it. Absent means false. */
    readonly force?: boolean;
  };
}

/** C12: a new link with the settings of an old one that has ended or can be revoked. */
export interface RegenerateLink extends CommandEnvelope {
  readonly type: "RegenerateLink";
  readonly payload: { readonly linkId: string; readonly expiresInMinutes: number | null };
}

/** The partner says more of a user without asking for a link (PATCH), as source partner_api. */
export interface UpdateUser extends CommandEnvelope {
  readonly type: "UpdateUser";
  readonly payload: { readonly userData: UserDataInput };
}

/** A4: a source takes its own word about one path back; the next source surfaces. */
export interface RemoveField extends CommandEnvelope {
  readonly type: "RemoveField";
  readonly payload: { readonly path: Path; readonly source: Extract<Source, "partner_api" | "operator"> };
}

/** A11: an operator says what is right, as the source above all others; the actor is the operator. */
export interface CorrectUser extends CommandEnvelope {
  readonly type: "CorrectUser";
  readonly payload: { readonly userData: UserDataInput; readonly reason: string };
}

/** Published by timers when a link's time has come; the writer judges again (G7). */
export interface ExpireLink extends CommandEnvelope {
  readonly type: "ExpireLink";
  readonly payload: { readonly linkId: string };
}

export interface AnswerDataRequest extends CommandEnvelope {
  readonly type: "AnswerDataRequest";
  readonly payload: {
    readonly dataRequestId: string;
    /** What the body said; must be the user's own when present (D3). */
    readonly statedReferenceId: string | null;
    readonly userData: UserDataInput;
  };
}

export interface DeviceFacts {
  readonly userAgent: string | null;
  readonly platform: string | null;
  readonly language: string | null;
}

export interface OpenLink extends CommandEnvelope {
  readonly type: "OpenLink";
  readonly payload: { readonly linkId: string; readonly device: DeviceFacts };
}

export interface ProvideData extends CommandEnvelope {
  readonly type: "ProvideData";
  readonly payload: {
    readonly linkId: string;
    /** The session version that the page had when the user typed (C11). */
    readonly version: number;
    readonly userData: UserDataInput;
  };
}

export interface SubmitCip extends CommandEnvelope {
  readonly type: "SubmitCip";
  readonly payload: { readonly linkId: string };
}

export interface ConfirmOperation extends CommandEnvelope {
  readonly type: "ConfirmOperation";
  readonly payload: {
    readonly linkId: string;
    /** Decimal text as the user confirmed it. */
    readonly send: string;
    readonly currency: { readonly source: string; readonly destination: string };
  };
}

/** J5: the user no longer wants the transfer that was confirmed on this link. */
export interface CancelOperation extends CommandEnvelope {
  readonly type: "CancelOperation";
  readonly payload: { readonly linkId: string };
}

/** J6: an operator says how a transfer ended of which the payment system says nothing, or two things. */
export interface ResolveOperation extends CommandEnvelope {
  readonly type: "ResolveOperation";
  readonly payload: {
    readonly operationId: string;
    readonly status: "completed" | "failed" | "cancelled";
    readonly reason: string;
  };
}

/** B17: the partner asks for an identity check on a link; what is there is submitted as evidence. */
export interface IssueCipTicket extends CommandEnvelope {
  readonly type: "IssueCipTicket";
  readonly payload: { readonly linkId: string };
}

/** B14: what an operator decides about a user that waits for a person. */
export interface ReviewUser extends CommandEnvelope {
  readonly type: "ReviewUser";
  readonly payload: {
    readonly decision: ReviewDecision;
    /** Mandatory, in the operator's words; kept in the history alone. */
    readonly reason: string;
    /** For `approve`: the paths whose winner may differ from what was checked. */
    readonly acceptDifferences: readonly Path[];
  };
}

/** Published by timers: a verification's time has come (B5, B6); the writer judges again (G7). */
export interface MarkReverificationDue extends CommandEnvelope {
  readonly type: "MarkReverificationDue";
  /** What came: the verification's reverifyBy, or the end of its validity. */
  readonly payload: { readonly reverifyBy: string };
}

/** A12: the partner's required fields changed; the user's state is worked out anew, once somebody says so. */
export interface ApplyPolicy extends CommandEnvelope {
  readonly type: "ApplyPolicy";
  /** The policy's name and version, as `basic@1`; one that is not the partner's any more changes nothing. */
  readonly payload: { readonly policy: string };
}

/**
 * A CIP result. Its `values` are what the provider read from documents (A10): compared with the winners, never one.
 */
export interface ApplyCipResult extends CommandEnvelope {
  readonly type: "ApplyCipResult";
  readonly payload: {
    /** Null when the provider named only the user: then the user's only open attempt is meant (B2). */
    readonly attemptId: string | null;
    readonly result: CipResult;
  };
}

export interface ApplyOperationUpdate extends CommandEnvelope {
  readonly type: "ApplyOperationUpdate";
  readonly payload: OperationUpdate;
}

/** Published by timers when a held CIP result has waited too long: it goes to m2m.parked (B2). */
export interface ParkHeldResult extends CommandEnvelope {
  readonly type: "ParkHeldResult";
  readonly payload: { readonly heldResultId: string };
}

/** Everything that may change a user: the only way in. */
export type Command =
  | CreateLink
  | RevokeLink
  | RegenerateLink
  | ExpireLink
  | AnswerDataRequest
  | UpdateUser
  | RemoveField
  | CorrectUser
  | OpenLink
  | ProvideData
  | SubmitCip
  | ConfirmOperation
  | CancelOperation
  | ResolveOperation
  | IssueCipTicket
  | ReviewUser
  | MarkReverificationDue
  | ApplyPolicy
  | ApplyCipResult
  | ApplyOperationUpdate
  | ParkHeldResult;

export type CommandType = Command["type"];
