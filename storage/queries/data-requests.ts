import type { EntityManager } from "@mikro-orm/postgresql";
import type { DataRequest } from "../../domain/data-request/data-request.ts";
import { isWaiting } from "../../domain/data-request/states.ts";
import { isBefore } from "../../domain/time.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { toDataRequest } from "../mapping/data-request.ts";
import type { Scope } from "../scope.ts";
import { tables } from "../tables.ts";

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
  if (row === undefined) return null;
  const { partner, environment, reference_id: referenceId } = row;
  const address = { partner, environment, referenceId };
  return { dataRequest: asOf(toDataRequest(row), now), userId: row.user_id, address };
}

function asOf(dataRequest: DataRequest, now: string): DataRequest {
  const isOver = isWaiting(dataRequest.status) && !isBefore(now, dataRequest.expiresAt);
  return isOver ? { ...dataRequest, status: "expired" } : dataRequest;
}
