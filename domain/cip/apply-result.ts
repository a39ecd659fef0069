import { beginChange } from "../change.ts";
import type { ApplyCipResult } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { hold } from "../held/hold.ts";
import { applyToAttempt, isSameMessage } from "./result.ts";

/**
 * B2: a result names its attempt, or only the user: then the user's only open attempt is meant. What names nothing we
 * know is held; it never fails. A message that an attempt has seen is a repeat, whatever it names (B3): one that names
 * only the user must not wait for the next attempt.
 */
export function applyCipResult(command: ApplyCipResult, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const { attemptId, result } = command.payload;
  const isRepeat = record.attempts.some(({ results }) => results.some((seen) => isSameMessage(seen, result)));
  if (attemptId === null && isRepeat) return change.applied({ kind: "done" });
  const meant = record.attempts.filter((attempt) =>
    attemptId === null ? attempt.status === "open" : attempt.attemptId === attemptId,
  );
  const [attempt] = meant;
  if (attempt === undefined || meant.length > 1) hold(change, command);
  else applyToAttempt(change, attempt.attemptId, { result, verifiedOutputs: command.values });
  return change.applied({ kind: "done" });
}
