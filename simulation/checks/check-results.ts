import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import { insist } from "./violation.ts";

/** B2, B3, J4: what another system said and was not refused is not lost: it was seen, or said before, or it waits. */
export function checkNotLost(command: Command, record: UserRecord): void {
  if (command.type === "ApplyCipResult") {
    const isKept = isResultKept(command.payload, record);
    insist(isKept, "B2", () => `the result ${command.payload.result.providerEventId} is lost`);
  }
  if (command.type === "ApplyOperationUpdate") {
    const isKept = isUpdateKept(command.payload, record);
    insist(isKept, "J4", () => `the update ${command.payload.providerEventId} is lost`);
  }
}

type Result = Extract<Command, { readonly type: "ApplyCipResult" }>["payload"];
type Update = Extract<Command, { readonly type: "ApplyOperationUpdate" }>["payload"];

function isResultKept({ result }: Result, { attempts, heldResults }: UserRecord): boolean {
  const isSeen = attempts.some(({ results }) =>
    results.some(
      (seen) =>
        seen.providerEventId === result.providerEventId ||
        (seen.outcome === result.outcome && seen.revision === result.revision),
    ),
  );
  return (
    isSeen ||
    heldResults.some(({ held }) => held.kind === "cip_result" && held.result.providerEventId === result.providerEventId)
  );
}

function isUpdateKept({ providerEventId }: Update, { operations, heldResults }: UserRecord): boolean {
  return (
    operations.some(({ updates }) => updates.some((seen) => seen.providerEventId === providerEventId)) ||
    heldResults.some(({ held }) => held.kind === "operation_update" && held.update.providerEventId === providerEventId)
  );
}
