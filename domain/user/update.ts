import { beginChange } from "../change.ts";
import type { UpdateUser } from "../commands.ts";
import { closeWhenComplete } from "../data-request/close.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { refuseUserData } from "./check-user-data.ts";
import { settleDataState } from "./move-user.ts";
import { storeAssertions } from "./store-assertions.ts";
import { userUpdated } from "./updated-answer.ts";

/**
 * D12: the partner says more of a user without asking for a link; source partner_api, as in a create. What fills all that
 * a data request asked for supersedes it (D6). An unknown user is not found: only a link makes one.
 */
export function updateUser(command: UpdateUser, record: UserRecord, context: DecisionContext): Decision {
  if (record.user === null) return { outcome: "refused", refusal: refusal("RESOURCE_NOT_FOUND") };
  const refused = refuseUserData(command.values, context.partner.settings);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  const change = beginChange(command, record, context);
  const ignoredFields = storeAssertions(change, {
    source: "partner_api",
    input: command.payload.userData,
    values: command.values,
    allowedPaths: null,
    dataRequestId: null,
    widgetLinkId: null,
    isLate: false,
  });
  settleDataState(change, "data_provided", false);
  closeWhenComplete(change, null);
  return change.applied(userUpdated(change, { ignoredFields, removedPaths: [] }));
}
