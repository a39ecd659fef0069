import { beginChange, type Change } from "../change.ts";
import type { ApplyPolicy } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import type { PartnerSettings } from "../partner.ts";
import { addDays } from "../time.ts";
import type { Path } from "./fields.ts";
import { settleDataState } from "./move-user.ts";
import { missingFields, policyLabel, policyOf } from "./required-fields.ts";
import type { User, UserState } from "./user.ts";

/** What the partner's policy would change about a user. */
export type PolicyEffect =
  | { readonly kind: "state"; readonly to: UserState; readonly missingFields: readonly Path[] }
  /** B7: a verified user stays so; the fields are asked for on the next link. Empty: nothing is asked for any more. */
  | { readonly kind: "eventually_due"; readonly missingFields: readonly Path[] };

/**
 * A12: a policy's preview for one user, null when nothing would change. Whoever is being checked or has failed is not
 * touched: the policy counts from the next attempt on.
 */
export function policyEffect(user: User, settings: PartnerSettings): PolicyEffect | null {
  const missing = missingFields(user, settings);
  const policy = policyLabel(policyOf(settings));
  if (user.state === "cip_verified") {
    const due = user.cip.eventuallyDue;
    const isKnown = due?.policy === policy && due.paths.join() === missing.join();
    if (missing.length === 0 ? due === null : isKnown) return null;
    return { kind: "eventually_due", missingFields: missing };
  }
  if (user.state !== "data_incomplete" && user.state !== "data_complete") return null;
  const to = missing.length === 0 ? "data_complete" : "data_incomplete";
  return to === user.state ? null : { kind: "state", to, missingFields: missing };
}

/**
 * A12, B7: the partner's required fields are worked out anew for one user, because somebody asked for it. Nobody is
 * un-verified. A policy that is not the partner's any more changes nothing, and neither does one that says the same.
 */
export function applyPolicy(command: ApplyPolicy, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const { settings } = context.partner;
  const isStillMeant = command.payload.policy === policyLabel(policyOf(settings));
  const effect = record.user === null || !isStillMeant ? null : policyEffect(record.user, settings);
  if (effect !== null) carryOut(change, effect);
  return change.applied({ kind: "done" });
}

function carryOut(change: Change, { kind, missingFields: missing }: PolicyEffect): void {
  const { settings } = change.context.partner;
  const { referenceId, userId } = change.user();
  const isDueLater = kind === "eventually_due" && missing.length > 0;
  change.emit({
    type: "user.policy_applied",
    data: {
      ...{ referenceId, userId, policy: policyLabel(policyOf(settings)), missingFields: missing },
      eventuallyDueBy: isDueLater ? addDays(change.at, settings.reverifyGraceDays) : null,
    },
    private: null,
  });
  settleDataState(change, "policy_applied", true);
}
