import { beginChange, type Change } from "../change.ts";
import type { RemoveField } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { afterDataChanged, notInEvidence } from "./data-changed.ts";
import type { Path, Source } from "./fields.ts";
import { settleDataState } from "./move-user.ts";
import { winningSource } from "./precedence.ts";
import { userUpdated } from "./updated-answer.ts";

/**
 * A4: erasing is explicit, and only of what the source itself has said, a "has none" too; the next source surfaces. Where
 * the source has said nothing, or the user is unknown: RESOURCE_NOT_FOUND. An operator's correction goes the same way
 * (A11).
 */
export function removeField(command: RemoveField, record: UserRecord, context: DecisionContext): Decision {
  const { path, source } = command.payload;
  if (record.user?.assertions[path]?.[source] === undefined) {
    return { outcome: "refused", refusal: refusal("RESOURCE_NOT_FOUND") };
  }
  const change = beginChange(command, record, context);
  emitRemoval(change, path, source);
  settleDataState(change, "data_removed", false);
  return change.applied(userUpdated(change, { ignoredFields: [], removedPaths: [path] }));
}

function emitRemoval(change: Change, path: Path, source: Source): void {
  const { referenceId, userId, state, assertions } = change.user();
  const changedPaths = winningSource(assertions, path) === source ? [path] : [];
  change.emit({
    type: "user.data_updated",
    data: {
      ...{ referenceId, userId, source, state },
      paths: changedPaths,
      shadowedPaths: [],
      removedPaths: [path],
      ...notInEvidence(change, changedPaths),
    },
    private: {
      assertions: { source, values: {}, notApplicable: [] },
      dataRequestId: null,
      widgetLinkId: null,
      removed: [path],
    },
  });
  afterDataChanged(change, source, changedPaths);
}
