import type { DataRequest } from "../../domain/data-request/data-request.ts";
import type { Link } from "../../domain/link/link.ts";
import { operationFacts } from "../../domain/operation/facts.ts";
import type { PartnerSettings } from "../../domain/partner.ts";
import type { Path } from "../../domain/user/fields.ts";
import { type Winner, winnerOf, winnersOf } from "../../domain/user/precedence.ts";
import { missingFields, policyOf } from "../../domain/user/required-fields.ts";
import type { User, UserState } from "../../domain/user/user.ts";
import type { UserOverview } from "../../storage/queries/users.ts";
import { operationView } from "./operation-view.ts";
import type { Show } from "./user-data-view.ts";

export interface UserViewContext {
  readonly settings: PartnerSettings;
  readonly show: Show;
}

/** GET /partner/users/{referenceId} (S6, S16): the winners with their sources, what CIP misses, and what is going on. */
export function userView(shown: UserOverview, { settings, show }: UserViewContext) {
  const { user, activeLink, openDataRequest, lastOperations } = shown;
  return {
    userId: user.userId,
    referenceId: user.referenceId,
    state: user.state,
    userVersion: user.version,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    fields: fieldsOf(user, show),
    requirements: requirementsOf(user, settings),
    cip: cipOf(user),
    ...(activeLink === null ? {} : { activeLink: activeLinkOf(activeLink) }),
    ...(openDataRequest === null ? {} : { openDataRequest: openRequestOf(openDataRequest) }),
    lastOperations: lastOperations.map((operation) => operationView(operationFacts(operation, user))),
  };
}

function fieldsOf(user: User, show: Show) {
  const entries = Object.entries(winnersOf(user)) as [Path, Winner][];
  return Object.fromEntries(
    entries.map(([path, { value, source, assertion }]) => [
      path,
      value === null
        ? { value: null, notApplicable: true, source, at: assertion.at }
        : { value: show(path, value), source, at: assertion.at },
    ]),
  );
}

/** Every field that CIP needs, and those that the provider asked for again (B15). */
function requirementsOf(user: User, settings: PartnerSettings) {
  const missing = missingFields(user, settings);
  const { fields } = policyOf(settings);
  const later = user.cip.eventuallyDue?.paths ?? [];
  const all = [...new Set([...fields, ...missing, ...later])];
  return all.map((field) => ({ field, ...requirementOf(user, field, missing.includes(field)) }));
}

function requirementOf(user: User, field: Path, isMissing: boolean) {
  const askedAgain = user.cip.dueFields[field];
  if (askedAgain !== undefined) return { status: "due", reason: askedAgain };
  const winner = winnerOf(user, field);
  const later = user.cip.eventuallyDue;
  if (later?.paths.includes(field)) {
    return { status: "due", reason: `The requirements have grown (${later.policy})`, deadline: later.by };
  }
  if (isMissing || winner === null) return { status: "due", reason: "Nobody has provided this field" };
  if (winner.value === null)
    return { status: "not_applicable", reason: `${winner.source} said that the person has none` };
  if (user.state === "cip_pending") return { status: "under_review", reason: "The identity check is running" };
  return { status: "satisfied", reason: `Provided by ${winner.source}` };
}

const CIP_STATUS: { readonly [state in UserState]?: string } = {
  cip_pending: "pending",
  cip_verified: "verified",
  cip_failed: "failed",
};

function cipOf({ state, cip }: User) {
  return {
    status: CIP_STATUS[state] ?? "not_started",
    attempts: cip.attempts,
    verifiedAt: cip.verifiedAt,
    current: state === "cip_verified" && (cip.verification?.current ?? true),
    reverifyBy: cip.verification?.reverifyBy ?? null,
    failure: cip.failure,
  };
}

function activeLinkOf({ linkId, status, expiresAt }: Link) {
  return { linkId, status, expiresAt };
}

function openRequestOf({ dataRequestId, status, remainingFields, expiresAt }: DataRequest) {
  return { dataRequestId, status, remainingFields, expiresAt };
}
