import assert from "node:assert/strict";
import type { Command, CommandType } from "../../domain/commands.ts";
import type { Decision, UserRecord } from "../../domain/decision.ts";
import type { Observation } from "./domain-witness.ts";

/**
 * A command sees only what the store loads for it (UserRecord's comments): links that live and those named, waiting data
 * requests and those named, attempts where CIP is concerned. Deciding on that part must give the same decision, and must
 * not leave the rest of the stage different from what a replay says.
 */
export function checkLoading({ command, before, decision, decideOn }: Observation): void {
  const loaded = loadedFor(command, before);
  const again = decideOn(loaded);
  assert.deepStrictEqual(visible(again), visible(decision), `${command.type} needs more than the store loads for it`);
  if (again.outcome === "refused" || decision.outcome === "refused") return;
  for (const part of ["links", "dataRequests", "attempts", "operations"] as const) {
    const stored = mergedById(before[part], again.record[part]);
    assert.deepStrictEqual(
      byId(decision.record[part]),
      stored,
      `P5: ${command.type} changes ${part} that are not loaded`,
    );
  }
}

function visible(decision: Decision) {
  if (decision.outcome === "refused") return decision;
  const { record, ...rest } = decision;
  return { ...rest, user: record.user };
}

const CONCERNS_CIP: readonly CommandType[] = [
  "SubmitCip",
  "IssueCipTicket",
  "ReviewUser",
  "ApplyCipResult",
  "ParkHeldResult",
];
const MAY_HOLD: readonly CommandType[] = [...CONCERNS_CIP, "ApplyOperationUpdate"];

function loadedFor(command: Command, record: UserRecord): UserRecord {
  const { payload, type } = command;
  const dataRequests = record.dataRequests.filter(
    ({ dataRequestId, status }) =>
      status === "open" ||
      status === "partially_answered" ||
      ("dataRequestId" in payload && payload.dataRequestId === dataRequestId),
  );
  const links = record.links.filter(
    ({ linkId, status }) =>
      ["created", "opened", "in_progress"].includes(status) ||
      ("linkId" in payload && payload.linkId === linkId) ||
      dataRequests.some((request) => request.linkId === linkId),
  );
  const heldResults = MAY_HOLD.includes(type) ? record.heldResults : [];
  const operations = record.operations.filter(
    ({ operationId, status, linkId }) =>
      ((status === "created" || status === "processing") && links.some((link) => link.linkId === linkId)) ||
      ((type === "ApplyOperationUpdate" || type === "ResolveOperation") &&
        command.payload.operationId === operationId) ||
      (type === "CancelOperation" && command.payload.linkId === linkId) ||
      heldResults.some(({ held }) => held.kind === "operation_update" && held.update.operationId === operationId),
  );
  return {
    user: record.user,
    links,
    dataRequests,
    attempts: CONCERNS_CIP.includes(type) ? record.attempts : [],
    operations,
    heldResults,
  };
}

type Identified =
  | { readonly operationId: string }
  | { readonly attemptId: string }
  | { readonly dataRequestId: string }
  | { readonly linkId: string };

function idOf(item: Identified): string {
  if ("operationId" in item) return item.operationId;
  if ("attemptId" in item) return item.attemptId;
  return "dataRequestId" in item ? item.dataRequestId : item.linkId;
}

function byId(items: readonly Identified[]): ReadonlyMap<string, Identified> {
  return new Map(items.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).map((item) => [idOf(item), item]));
}

function mergedById(before: readonly Identified[], after: readonly Identified[]): ReadonlyMap<string, Identified> {
  return byId([...new Map([...before, ...after].map((item) => [idOf(item), item])).values()]);
}
