import type { EntityManager } from "@mikro-orm/postgresql";
import type { DataRequest, DataRequestStatus } from "../../domain/data-request/data-request.ts";
import { isWaiting } from "../../domain/data-request/states.ts";
import { isBefore } from "../../domain/time.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { type DataRequestRow, toDataRequest } from "../mapping/data-request.ts";
import type { Scope } from "../scope.ts";
import { tables } from "../tables.ts";
import { offsetOf, type Page, type Paged } from "./page.ts";

/** A data request with whose it is; `expired` as soon as its time is over. */
export interface ShownDataRequest {
  readonly dataRequest: DataRequest;
  readonly userId: string;
  readonly address: UserAddress;
}

/** One of a partner's data requests; null when it is another partner's or unknown. */
export async function findDataRequest(
  em: EntityManager,
  { scope, dataRequestId }: { scope: Scope; dataRequestId: string },
  now: string,
): Promise<ShownDataRequest | null> {
  const row = await tables(em)
    .selectFrom("data_requests")
    .selectAll()
    .where("data_request_id", "=", dataRequestId)
    .where("partner", "=", scope.partner)
    .where("environment", "=", scope.environment)
    .executeTakeFirst();
  return row === undefined ? null : shown(row, now);
}

export interface DataRequestFilter {
  readonly status?: DataRequestStatus;
  readonly referenceId?: string;
}

export interface DataRequestList extends Page {
  readonly scope: Scope;
  readonly filter: DataRequestFilter;
  /** The moment that decides what has expired. */
  readonly now: string;
}

/** A partner's data requests, newest first (D8: what was never delivered stays listed). */
export async function listDataRequests(em: EntityManager, list: DataRequestList): Promise<Paged<ShownDataRequest>> {
  const newest = matching(em, list).selectAll().orderBy("created_at", "desc").orderBy("data_request_id", "desc");
  const count = matching(em, list).select((requests) => requests.fn.countAll<string>().as("total"));
  const [rows, { total }] = await Promise.all([
    newest.limit(list.limit).offset(offsetOf(list)).execute(),
    count.executeTakeFirstOrThrow(),
  ]);
  return { items: rows.map((row) => shown(row, list.now)), total: Number(total) };
}

/** What has expired is decided by the same words as in `asOf`. */
function matching(em: EntityManager, { scope, filter, now }: DataRequestList) {
  const { status, referenceId } = filter;
  let requests = tables(em)
    .selectFrom("data_requests")
    .where("partner", "=", scope.partner)
    .where("environment", "=", scope.environment);
  if (referenceId !== undefined) requests = requests.where("reference_id", "=", referenceId);
  if (status === undefined) return requests;
  return requests.where((is) => {
    const isOver = is("expires_at", "<=", now);
    if (status === "expired") return is.or([is("status", "=", status), is.and([is("status", "in", WAITING), isOver])]);
    return isWaiting(status) ? is.and([is("status", "=", status), is.not(isOver)]) : is("status", "=", status);
  });
}

const WAITING = ["open", "partially_answered"] as const satisfies readonly DataRequestStatus[];

function shown(row: DataRequestRow, now: string): ShownDataRequest {
  const { partner, environment, reference_id: referenceId } = row;
  const address = { partner, environment, referenceId };
  return { dataRequest: asOf(toDataRequest(row), now), userId: row.user_id, address };
}

function asOf(dataRequest: DataRequest, now: string): DataRequest {
  const isOver = isWaiting(dataRequest.status) && !isBefore(now, dataRequest.expiresAt);
  return isOver ? { ...dataRequest, status: "expired" } : dataRequest;
}
