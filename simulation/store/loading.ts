import { isWaiting } from "../../domain/data-request/states.ts";
import type { UserRecord } from "../../domain/decision.ts";
import { isEnded } from "../../domain/link/states.ts";
import { isOpen } from "../../domain/operation/states.ts";
import type { Needs } from "../../storage/user-store/needs.ts";

/** What the store loads of a user for a batch, said a second time (storage/user-store/load.ts has it in SQL). */
export function loadedPart(whole: UserRecord, needs: Needs): UserRecord {
  const dataRequests = whole.dataRequests.filter(
    ({ dataRequestId, status }) => isWaiting(status) || needs.dataRequestIds.includes(dataRequestId),
  );
  const linkIds = [...needs.linkIds, ...dataRequests.map(({ linkId }) => linkId)];
  const links = whole.links.filter(({ linkId, status }) => !isEnded(status) || linkIds.includes(linkId));
  const heldResults = needs.heldResults ? whole.heldResults : [];
  const heldIds = heldResults.flatMap(({ held }) => (held.kind === "operation_update" ? held.update.operationId : []));
  const operationIds = [...needs.operationIds, ...heldIds];
  const inProgress = links.filter(({ status }) => status === "in_progress").map(({ linkId }) => linkId);
  const operations = whole.operations.filter(
    ({ operationId, linkId, status }) =>
      operationIds.includes(operationId) ||
      needs.operationsOfLinkIds.includes(linkId) ||
      (isOpen(status) && inProgress.includes(linkId)),
  );
  return {
    user: whole.user,
    links,
    dataRequests,
    attempts: needs.attempts ? whole.attempts : [],
    operations,
    heldResults,
  };
}

/** The whole record after a batch: what was not loaded is as it was. */
export function mergedRecord(whole: UserRecord, loaded: UserRecord, current: UserRecord): UserRecord {
  if (current === loaded) return whole;
  return {
    user: current.user,
    links: merged(whole.links, current.links, ({ linkId }) => linkId),
    dataRequests: merged(whole.dataRequests, current.dataRequests, ({ dataRequestId }) => dataRequestId),
    attempts: merged(whole.attempts, current.attempts, ({ attemptId }) => attemptId),
    operations: merged(whole.operations, current.operations, ({ operationId }) => operationId),
    heldResults: heldAfter(whole, loaded, current),
  };
}

function merged<Item>(whole: readonly Item[], current: readonly Item[], idOf: (item: Item) => string): readonly Item[] {
  const changed = new Map(current.map((item) => [idOf(item), item]));
  const kept = whole.map((item) => changed.get(idOf(item)) ?? item);
  const known = new Set(whole.map(idOf));
  return [...kept, ...current.filter((item) => !known.has(idOf(item)))];
}

/** A row that was loaded and is there no more is deleted; a new one is inserted; the others stay. */
function heldAfter(whole: UserRecord, loaded: UserRecord, current: UserRecord): UserRecord["heldResults"] {
  const has = (list: UserRecord["heldResults"], id: string) => list.some(({ heldResultId }) => heldResultId === id);
  const kept = whole.heldResults.filter(
    ({ heldResultId: id }) => !has(loaded.heldResults, id) || has(current.heldResults, id),
  );
  return [...kept, ...current.heldResults.filter(({ heldResultId: id }) => !has(loaded.heldResults, id))];
}
