import { DATA_REQUEST_TRANSITIONS } from "../../domain/data-request/states.ts";
import type { UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { isEnded, LINK_TRANSITIONS } from "../../domain/link/states.ts";
import { OPERATION_TRANSITIONS } from "../../domain/operation/states.ts";
import { USER_TRANSITIONS } from "../../domain/user/states.ts";
import { insist } from "./violation.ts";

/** One event with the record before and after it. */
export interface Happened {
  readonly event: UserEvent;
  readonly before: UserRecord;
  readonly after: UserRecord;
}

/** P4, P8, C8: every move that an event makes is in its table; what ended stays so; a committed link cannot end. */
export function checkMoves(happened: Happened): void {
  checkUserMove(happened);
  const { event, before, after } = happened;
  for (const [index, link] of before.links.entries()) {
    const status = after.links[index]?.status ?? "gone";
    if (status === link.status) continue;
    insist(!isEnded(link.status), "P8", () => `${link.linkId} was ${link.status} and is ${status} after ${event.type}`);
    insist(isListed(LINK_TRANSITIONS, link.status, status), "P4", () => told(link.linkId, link.status, status));
    const isTaken = link.committedOperationId !== null && (status === "expired" || status === "revoked");
    insist(!isTaken, "C8", () => `${link.linkId} was committed and is ${status}`);
  }
  for (const [index, { dataRequestId, status: from }] of before.dataRequests.entries()) {
    const to = after.dataRequests[index]?.status ?? "gone";
    insist(from === to || isListed(DATA_REQUEST_TRANSITIONS, from, to), "P4", () => told(dataRequestId, from, to));
  }
  for (const [index, { operationId, status: from }] of before.operations.entries()) {
    const to = after.operations[index]?.status ?? "gone";
    insist(from === to || isListed(OPERATION_TRANSITIONS, from, to), "P4", () => told(operationId, from, to));
  }
}

function checkUserMove({ event, before, after }: Happened): void {
  const from = before.user?.state ?? null;
  const to = after.user?.state ?? "gone";
  if (from === null) {
    insist(to === "pending", "P4", () => `a user begins as ${to}`);
    return;
  }
  if (from === to) return;
  insist(event.type === "user.state_changed", "S16", () => `${from} → ${to} by ${event.type} alone`);
  insist(isListed(USER_TRANSITIONS, from, to), "P4", () => told("the user", from, to));
}

function isListed(moves: Readonly<Record<string, readonly string[]>>, from: string, to: string): boolean {
  return moves[from]?.includes(to) === true;
}

function told(who: string, from: string, to: string): string {
  return `${who}: ${from} → ${to} is no legal move`;
}
