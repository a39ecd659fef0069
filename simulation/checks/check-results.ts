import type { CipResult } from "../../domain/cip/attempt.ts";
import type { Command } from "../../domain/commands.ts";
import type { HeldResult, UserRecord } from "../../domain/decision.ts";
import type { OperationUpdate } from "../../domain/operation/operation.ts";
import { insist } from "./violation.ts";

/** What was held so far of a user, and which of it the timers asked to be parked. */
export interface Waiting {
  held: readonly HeldResult[];
  readonly askedToPark: Set<string>;
  /** The messages that were held at some time. */
  readonly everHeld: Set<string>;
}

/** B2, B3, J4: what another system said and was not refused is not lost: it was seen, or said before, or it waits. */
export function checkNotLost(command: Command, record: UserRecord, { everHeld }: Waiting): void {
  if (command.type !== "ApplyCipResult" && command.type !== "ApplyOperationUpdate") return;
  const { payload } = command;
  const { providerEventId } = "result" in payload ? payload.result : payload;
  const isSeen = "result" in payload ? isResultSeen(payload.result, record) : isUpdateSeen(payload, record);
  insist(isSeen || everHeld.has(providerEventId), "B2", () => `${command.type} ${providerEventId} is lost`);
}

/** B2: a held result goes when it is applied, or when the timers asked for it to be parked, and not otherwise. */
export function checkHeld(waiting: Waiting, record: UserRecord): void {
  const still = new Set(record.heldResults.map(({ heldResultId }) => heldResultId));
  for (const { heldResultId, held } of waiting.held.filter((one) => !still.has(one.heldResultId))) {
    const isSeen = held.kind === "cip_result" ? isResultSeen(held.result, record) : isUpdateSeen(held.update, record);
    insist(isSeen || waiting.askedToPark.has(heldResultId), "B2", () => `${heldResultId} is held no more`);
  }
  waiting.held = record.heldResults;
  for (const { held } of record.heldResults) {
    waiting.everHeld.add(held.kind === "cip_result" ? held.result.providerEventId : held.update.providerEventId);
  }
}

/** Seen as this message, or as another one that said the same of its attempt (B3). */
function isResultSeen({ providerEventId, outcome, revision }: CipResult, { attempts }: UserRecord): boolean {
  return attempts.some(({ results }) =>
    results.some(
      (seen) => seen.providerEventId === providerEventId || (seen.outcome === outcome && seen.revision === revision),
    ),
  );
}

function isUpdateSeen({ providerEventId }: OperationUpdate, { operations }: UserRecord): boolean {
  return operations.some(({ updates }) => updates.some((seen) => seen.providerEventId === providerEventId));
}
