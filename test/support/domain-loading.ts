import assert from "node:assert/strict";
import type { Decision } from "../../domain/decision.ts";
import { loadedPart } from "../../simulation/store/loading.ts";
import { needsOf } from "../../storage/user-store/needs.ts";
import type { Observation } from "./domain-witness.ts";

/**
 * A command sees only what the store loads for it (UserRecord's comments): links that live and those named, waiting data
 * requests and those named, attempts where CIP is concerned. Deciding on that part must give the same decision, and must
 * not leave the rest of the stage different from what a replay says.
 */
export function checkLoading({ command, before, decision, decideOn }: Observation): void {
  const loaded = loadedPart(before, needsOf([command]));
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
