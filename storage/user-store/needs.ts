import type { Command } from "../../domain/commands.ts";

/** What a batch of commands may need of its users, besides the users themselves and what is active or waiting. */
export interface Needs {
  readonly linkIds: readonly string[];
  readonly dataRequestIds: readonly string[];
  readonly operationIds: readonly string[];
  readonly attempts: boolean;
  readonly heldResults: boolean;
}

/** Reads it off the commands; what is named by an id of another user is not found when it is loaded. */
export function needsOf(commands: readonly Command[]): Needs {
  const payloads = commands.map(({ payload }) => payload);
  const concernsCip = new Set<Command["type"]>(["SubmitCip", "ApplyCipResult", "ParkHeldResult"]);
  const mayHold = new Set<Command["type"]>([...concernsCip, "ApplyOperationUpdate"]);
  const named = commands.flatMap((command) =>
    command.type === "ApplyOperationUpdate" ? [command.payload.operationId] : [],
  );
  return {
    linkIds: payloads.flatMap((payload) => ("linkId" in payload ? [payload.linkId] : [])),
    dataRequestIds: payloads.flatMap((payload) => ("dataRequestId" in payload ? [payload.dataRequestId] : [])),
    operationIds: named,
    attempts: commands.some(({ type }) => concernsCip.has(type)),
    heldResults: commands.some(({ type }) => mayHold.has(type)),
  };
}
