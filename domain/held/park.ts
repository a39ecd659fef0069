import { beginChange } from "../change.ts";
import { applyToAttempt } from "../cip/result.ts";
import type { ParkHeldResult } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { applyUpdate } from "../operation/update.ts";

/**
 * B2: a held result has waited its time. The writer judges again (G7): if what it names exists by now it applies,
 * otherwise it is parked for a person to look at. Nothing is dropped.
 */
export function parkHeldResult(command: ParkHeldResult, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const { heldResultId } = command.payload;
  const waiting = record.heldResults.find((candidate) => candidate.heldResultId === heldResultId);
  if (waiting === undefined) return change.applied({ kind: "done" });
  change.holdResults(record.heldResults.filter((candidate) => candidate !== waiting));
  const { held } = waiting;
  if (held.kind === "cip_result" && record.attempts.some(({ attemptId }) => attemptId === held.attemptId)) {
    const { result, verifiedOutputs = {} } = held;
    applyToAttempt(change, held.attemptId ?? "", { result, verifiedOutputs });
  } else if (
    held.kind === "operation_update" &&
    record.operations.some(({ operationId }) => operationId === held.update.operationId)
  ) {
    applyUpdate(change, held.update);
  } else {
    change.require({ kind: "park_held_result", held: waiting, reason: REASONS[held.kind] });
  }
  return change.applied({ kind: "done" });
}

const REASONS = {
  cip_result: "the CIP attempt that this result names stayed unknown",
  operation_update: "the operation that this update names stayed unknown",
} as const;
