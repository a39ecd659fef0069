import type { CipResult } from "./cip/attempt.ts";
import type { LinkSettings } from "./link/link.ts";
import type { OperationUpdate } from "./operation/operation.ts";
import type { UserDataInput, Values } from "./user/fields.ts";
import type { UserAddress } from "./user/user.ts";

/** Who asks. Kept in the history for those who want to know later. */
export interface Actor {
  readonly kind: "partner" | "user" | "cip" | "payments" | "timer";
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
  readonly payload: { readonly linkId: string; readonly reason: string | null };
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
  | ExpireLink
  | AnswerDataRequest
  | OpenLink
  | ProvideData
  | SubmitCip
  | ConfirmOperation
  | ApplyCipResult
  | ApplyOperationUpdate
  | ParkHeldResult;

export type CommandType = Command["type"];
