import { beginChange } from "../change.ts";
import type { ProvideData } from "../commands.ts";
import { closeWhenComplete } from "../data-request/close.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { refuseUserData } from "../user/check-user-data.ts";
import { settleDataState } from "../user/move-user.ts";
import { storeAssertions } from "../user/store-assertions.ts";
import { findLink, refuseStep } from "./find.ts";
import { markInProgress } from "./progress.ts";

/**
 * The user types what is missing: source widget, the weakest (S7). Refused with STEP_OUT_OF_DATE when another tab wrote
 * in between (C11). Filling all that a data request asked for supersedes it (D6).
 */
export function provideData(command: ProvideData, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const { linkId, version, userData } = command.payload;
  const link = findLink(record, linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const outOfDate = version === link.widgetVersion ? null : refusal("STEP_OUT_OF_DATE");
  const refused = refuseStep(link, change.at) ?? outOfDate ?? refuseUserData(command.values, context.partner.settings);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  const ignoredFields = storeAssertions(change, {
    source: "widget",
    input: userData,
    values: command.values,
    allowedPaths: null,
    dataRequestId: null,
    widgetLinkId: linkId,
    isLate: false,
  });
  const hasStored = change.record() !== record;
  if (hasStored) markInProgress(change, link);
  settleDataState(change, "data_provided", true);
  closeWhenComplete(change, null);
  return change.applied({ kind: "session_changed", linkId, ignoredFields });
}
