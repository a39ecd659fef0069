import { beginChange } from "../change.ts";
import type { CorrectUser } from "../commands.ts";
import { closeWhenComplete } from "../data-request/close.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { refuseUserData } from "./check-user-data.ts";
import { settleDataState } from "./move-user.ts";
import { refuseOperator } from "./operator-word.ts";
import { storeAssertions } from "./store-assertions.ts";
import { userUpdated } from "./updated-answer.ts";

/**
 * A11: an operator's word stands above the three sources, until it is removed (A4). Only with a reason, else
 * INVALID_REQUEST; actor and reason are kept in the history. An unknown user is not found.
 */
export function correctUser(command: CorrectUser, record: UserRecord, context: DecisionContext): Decision {
  const { userData, reason } = command.payload;
  const refused =
    (record.user === null ? refusal("RESOURCE_NOT_FOUND") : null) ??
    refuseOperator(command.actor, reason) ??
    refuseUserData(command.values, context.partner.settings);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  const change = beginChange(command, record, context);
  const ignoredFields = storeAssertions(change, {
    source: "operator",
    input: userData,
    values: command.values,
    allowedPaths: null,
    dataRequestId: null,
    widgetLinkId: null,
    isLate: false,
    reason: reason.trim(),
  });
  settleDataState(change, "data_corrected", false);
  closeWhenComplete(change, null);
  return change.applied(userUpdated(change, { ignoredFields, removedPaths: [] }));
}
