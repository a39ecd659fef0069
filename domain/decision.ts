import type { CipAttempt, CipResult } from "./cip/attempt.ts";
import type { DataRequest, DataRequestStatus } from "./data-request/data-request.ts";
import type { OperationFacts, UserEvent } from "./events.ts";
import type { Link, LinkStatus } from "./link/link.ts";
import type { Operation, OperationUpdate } from "./operation/operation.ts";
import type { PartnerSnapshot } from "./partner.ts";
import type { Refusal } from "./refusals.ts";
import type { IgnoredField, Path, Source, Values } from "./user/fields.ts";
import type { User, UserState } from "./user/user.ts";

/** A result of the CIP or payment system that named nothing we know yet (B2); it waits for its attempt or operation. */
export interface HeldResult {
  readonly heldResultId: string;
  readonly heldAt: string;
  readonly held:
    | {
        readonly kind: "cip_result";
        readonly attemptId: string | null;
        readonly result: CipResult;
        /** What the provider read from documents (A10). */
        readonly verifiedOutputs?: Values;
      }
    | { readonly kind: "operation_update"; readonly update: OperationUpdate };
}

/** All that a command may need of one user. `user` is null before the first link. */
export interface UserRecord {
  readonly user: User | null;
  /** The active one, every one named by a command of the batch, and the link of every data request named (E8). */
  readonly links: readonly Link[];
  /** The open one and every one named. */
  readonly dataRequests: readonly DataRequest[];
  readonly attempts: readonly CipAttempt[];
  /** Open ones, those of the links loaded, and every one named. */
  readonly operations: readonly Operation[];
  readonly heldResults: readonly HeldResult[];
}

/** The facts of the moment: rules read no clock and draw no number themselves. */
export interface DecisionContext {
  readonly partner: PartnerSnapshot;
  /** The writer's clock, ISO 8601 UTC with milliseconds (G1). */
  readonly now: string;
  /** Public base addresses without a trailing slash, for the addresses that events carry. */
  readonly addresses: { readonly widget: string; readonly gateway: string };
  readonly newId: (kind: "user" | "link" | "dr" | "cip" | "op" | "evt" | "held") => string;
}

/** What the asker is told; the gateway turns it into HTTP. Holds no value of a field. */
export type Answer =
  | {
      readonly kind: "link_created" | "link_returned";
      readonly linkId: string;
      readonly referenceId: string;
      readonly status: LinkStatus;
      readonly flow: string;
      readonly expiresAt: string;
      readonly createdAt: string;
      readonly userId: string;
      readonly userState: UserState;
      readonly userVersion: number;
      readonly missingFields: readonly Path[];
      readonly dataRequestId: string | null;
      readonly ignoredFields: readonly IgnoredField[];
      readonly replaces: string | null;
    }
  | { readonly kind: "link_revoked"; readonly linkId: string; readonly revokedAt: string }
  | {
      readonly kind: "data_request_answered";
      readonly dataRequestId: string;
      readonly linkId: string;
      readonly status: DataRequestStatus;
      readonly fulfilledAt: string | null;
      readonly remainingFields: readonly Path[];
      readonly ignoredFields: readonly IgnoredField[];
      readonly userVersion: number;
    }
  | { readonly kind: "session_changed"; readonly linkId: string; readonly ignoredFields: readonly IgnoredField[] }
  | { readonly kind: "cip_submitted"; readonly linkId: string; readonly attemptId: string | null }
  | {
      readonly kind: "cip_ticket_issued";
      readonly linkId: string;
      /** The attempt's id (B17). */
      readonly ticketId: string;
      readonly flow: string;
      /** The link's. */
      readonly expiresAt: string;
    }
  | { readonly kind: "user_reviewed"; readonly userState: UserState; readonly userVersion: number }
  | { readonly kind: "operation_created"; readonly operation: OperationFacts }
  | { readonly kind: "operation_cancelled"; readonly operation: OperationFacts }
  | { readonly kind: "operation_cancel_requested"; readonly operation: OperationFacts }
  | { readonly kind: "operation_resolved"; readonly operation: OperationFacts }
  | {
      readonly kind: "user_updated";
      readonly userId: string;
      readonly referenceId: string;
      readonly userState: UserState;
      readonly userVersion: number;
      readonly missingFields: readonly Path[];
      readonly ignoredFields: readonly IgnoredField[];
      /** What a RemoveField took back. */
      readonly removedPaths: readonly Path[];
    }
  | { readonly kind: "done" };

/** A5: a source said again what it had said; no new version, no event, only the time of it. */
export interface Confirmation {
  readonly path: Path;
  readonly source: Source;
  readonly at: string;
}

/** What a command led to: a change that is complete in itself, or a refusal that changes nothing. */
export type Decision =
  | {
      readonly outcome: "applied";
      readonly answer: Answer;
      /** In order; empty when everything was already so. */
      readonly events: readonly UserEvent[];
      readonly record: UserRecord;
      /** What has to leave besides the events. */
      readonly effects: readonly Effect[];
      readonly confirmations: readonly Confirmation[];
    }
  | { readonly outcome: "refused"; readonly refusal: Refusal };

/** Something besides an event that must happen because of a decision; stored with it, in the same transaction. */
export type Effect =
  | { readonly kind: "request_cip"; readonly attemptId: string }
  | { readonly kind: "request_operation"; readonly operationId: string; readonly action: "execute" | "cancel" }
  | { readonly kind: "park_held_result"; readonly held: HeldResult; readonly reason: string };
