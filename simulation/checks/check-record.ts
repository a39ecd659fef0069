import { isWaiting } from "../../domain/data-request/states.ts";
import type { UserRecord } from "../../domain/decision.ts";
import { isEnded } from "../../domain/link/states.ts";
import { isOpen } from "../../domain/operation/states.ts";
import { insist } from "./violation.ts";

/** P3 and its like: what there may be one of is there once at most, and what hangs on something does not outlive it. */
export function checkRecord({ user, links, dataRequests, attempts, operations }: UserRecord): void {
  const active = links.filter(({ status }) => !isEnded(status));
  insist(active.length <= 1, "P3", () => `${active.length} links are active`);
  const waiting = dataRequests.filter(({ status }) => isWaiting(status));
  insist(waiting.length <= 1, "D", () => `${waiting.length} data requests wait`);
  const [request] = waiting;
  insist(request === undefined || request.linkId === active[0]?.linkId, "D11", () => "a request outlived its link");
  const openAttempts = attempts.filter(({ status }) => status === "open");
  insist(openAttempts.length <= 1, "B2", () => `${openAttempts.length} attempts are open`);
  const isAwaited = (user?.state === "cip_pending") === (openAttempts.length === 1);
  insist(isAwaited, "B9", () => `the user is ${user?.state} with ${openAttempts.length} open attempts`);
  const open = operations.filter(({ status }) => isOpen(status));
  insist(new Set(open.map(({ linkId }) => linkId)).size === open.length, "J2", () => "a link has two open operations");
  const heard = [...attempts.map(({ results }) => results), ...operations.map(({ updates }) => updates)];
  const isHeardOnce = heard.every((seen) => new Set(seen.map(messageOf)).size === seen.length);
  insist(isHeardOnce, "B3", () => "the same message was counted twice");
  const committed = links.flatMap(({ committedOperationId }) => committedOperationId ?? []);
  const isHeld = open.length === committed.length && open.every(({ operationId }) => committed.includes(operationId));
  insist(isHeld, "C8", () => "open operations and committed links do not belong together");
}

/** J4: what tells two messages of other systems apart. */
function messageOf({ provider, providerEventId }: { provider: string; providerEventId: string }): string {
  return `${provider} ${providerEventId}`;
}
