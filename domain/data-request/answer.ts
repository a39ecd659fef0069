import { beginChange, type Change } from "../change.ts";
import type { AnswerDataRequest } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { type Refusal, refusal } from "../refusals.ts";
import { isBefore } from "../time.ts";
import { refuseUserData } from "../user/check-user-data.ts";
import { type IgnoredField, PATHS, type Path } from "../user/fields.ts";
import { settleDataState } from "../user/move-user.ts";
import { winningSource } from "../user/precedence.ts";
import { missingFields } from "../user/required-fields.ts";
import { storeAssertions } from "../user/store-assertions.ts";
import type { User } from "../user/user.ts";
import { closeWhenComplete } from "./close.ts";
import type { DataRequest } from "./data-request.ts";

/** S12, D1–D9: the partner fills what was asked for, as source partner_webhook. */
export function answerDataRequest(command: AnswerDataRequest, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const request = record.dataRequests.find(({ dataRequestId }) => dataRequestId === command.payload.dataRequestId);
  if (record.user === null || request === undefined) {
    return { outcome: "refused", refusal: refusal("RESOURCE_NOT_FOUND") };
  }
  const refused = refuseAnswer(change, command, request) ?? refuseUserData(command.values, context.partner.settings);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  const ignoredFields = storeAssertions(change, {
    source: "partner_webhook",
    input: command.payload.userData,
    values: command.values,
    allowedPaths: applicablePaths(change, request),
    dataRequestId: request.dataRequestId,
    widgetLinkId: null,
    isLate: !isBefore(change.at, request.expiresAt),
  });
  settleDataState(change, "data_request_answered", true);
  closeWhenComplete(change, request.dataRequestId);
  return answered(change, request.dataRequestId, ignoredFields);
}

/** D3 before everything, so that a wrong referenceId learns nothing; E8, also when the request was closed before; D1. */
function refuseAnswer(
  change: Change,
  { payload, referenceId }: AnswerDataRequest,
  request: DataRequest,
): Refusal | null {
  if (payload.statedReferenceId !== null && payload.statedReferenceId !== referenceId) {
    return refusal("REFERENCE_ID_MISMATCH");
  }
  const link = change.record().links.find(({ linkId }) => linkId === request.linkId);
  if (request.status === "cancelled" || link?.status === "revoked") return refusal("LINK_REVOKED");
  const isLate = !isBefore(change.at, request.expiresAt);
  return isLate && !change.context.partner.settings.acceptLateAnswers ? refusal("LINK_EXPIRED") : null;
}

/**
 * D4: what was asked for, what is required and missing now, and paymentMethod while there is none. D2: what an answer to
 * this request brought, a later one may say again or update.
 */
function applicablePaths(change: Change, request: DataRequest): readonly Path[] {
  const user = change.user();
  const missing = new Set(missingFields(user, change.context.partner.settings));
  return PATHS.filter(
    (path) =>
      request.requiredFields.includes(path) ||
      missing.has(path) ||
      (path === "paymentMethod" && winningSource(user.assertions, path) === null) ||
      isAnsweredSince(user, path, request),
  );
}

function isAnsweredSince(user: User, path: Path, { createdAt }: DataRequest): boolean {
  const word = user.assertions[path]?.partner_webhook;
  return word !== undefined && isBefore(createdAt, word.at);
}

function answered(change: Change, dataRequestId: string, ignoredFields: readonly IgnoredField[]): Decision {
  const request = change.record().dataRequests.find((candidate) => candidate.dataRequestId === dataRequestId);
  if (request === undefined) throw new Error("the answered data request is gone");
  return change.applied({
    kind: "data_request_answered",
    dataRequestId,
    linkId: request.linkId,
    status: request.remainingFields.length === 0 ? "fulfilled" : "partially_answered",
    fulfilledAt: request.remainingFields.length === 0 ? (request.fulfilledAt ?? request.closedAt) : null,
    remainingFields: request.remainingFields,
    ignoredFields,
    userVersion: change.user().version,
  });
}
