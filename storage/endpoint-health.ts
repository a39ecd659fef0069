import type { AttemptResult } from "./delivery-store.ts";
import type { Database } from "./orm.ts";
import { countChanged, runSql } from "./sql.ts";

/** An endpoint of which something just failed. Times are epoch milliseconds. */
export interface FailingEndpoint {
  readonly endpointId: string;
  readonly sinceMs: number;
  readonly failedDeliveries: number;
  readonly warnedPercent: number;
  /** One of the answers was 410. */
  readonly isGone: boolean;
}

/** How endpoints have been doing, in their rows. */
export interface EndpointHealth {
  /**
   * Notes what attempts came to: a success ends a streak of failures, a failure begins or lengthens it. Gives the
   * endpoints that are enabled or paused and failing now. The time of the last success is kept to within 10 s.
   */
  readonly note: (results: readonly AttemptResult[]) => Promise<readonly FailingEndpoint[]>;
  /** Remembers that a partner was warned. */
  readonly warned: (endpointId: string, percent: number) => Promise<void>;
  /** Disables an endpoint and parks what waits for it; false when it was disabled before. */
  readonly disable: (endpointId: string, reason: string, nowMs: number) => Promise<boolean>;
}

/** The health of all endpoints, in Postgres. */
export function createEndpointHealth(database: Pick<Database, "em">): EndpointHealth {
  return {
    note: async (results) => {
      if (results.length === 0) return [];
      const rows = await runSql<HealthRow>(database.em(), NOTE, [JSON.stringify(results.map(toRow))]);
      return rows.map(toFailing);
    },
    warned: async (endpointId, percent) => {
      await countChanged(database.em(), WARNED, [endpointId, percent]);
    },
    disable: (endpointId, reason, nowMs) =>
      database.em().transactional(async (unit) => {
        const now = new Date(nowMs).toISOString();
        if ((await countChanged(unit, DISABLE, [endpointId, reason, now])) === 0) return false;
        await countChanged(unit, PARK, [endpointId, now]);
        return true;
      }),
  };
}

function toRow({ deliveryId, number, failureClass, startedAtMs }: AttemptResult) {
  return {
    delivery_id: deliveryId,
    number,
    is_delivered: failureClass === null,
    is_gone: failureClass === "gone",
    at: new Date(startedAtMs).toISOString(),
  };
}

interface HealthRow {
  readonly endpoint_id: string;
  readonly since_ms: string;
  readonly failed_deliveries: number;
  readonly warned_percent: number;
  readonly is_gone: boolean;
}

function toFailing(row: HealthRow): FailingEndpoint {
  const { endpoint_id: endpointId, failed_deliveries: failedDeliveries, warned_percent: warnedPercent } = row;
  return { endpointId, sinceMs: Number(row.since_ms), failedDeliveries, warnedPercent, isGone: row.is_gone };
}

/** Most endpoints do well: their rows are not written for every delivery. */
const NOTE = `
  with result as (
    select * from json_to_recordset($1::json) as given(
      delivery_id text, number int, is_delivered boolean, is_gone boolean, at timestamptz)
  ),
  outcome as (
    select endpoint_id, bool_or(is_delivered) as is_well, bool_or(is_gone) as is_gone,
      max(at) filter (where is_delivered) as success_at, min(at) as failed_at,
      count(*) filter (where not is_delivered and number = 1)::int as first_failures
    from result join webhook_deliveries using (delivery_id) where endpoint_id is not null group by endpoint_id
  ),
  noted as (
    update webhook_endpoints as endpoint
    set last_success_at = coalesce(success_at, last_success_at),
      failing_since = case when is_well then null else coalesce(failing_since, failed_at) end,
      failed_deliveries = case when is_well then 0 else greatest(1, failed_deliveries + first_failures) end,
      warned_percent = case when is_well then 0 else warned_percent end
    from outcome
    where endpoint.endpoint_id = outcome.endpoint_id and (not is_well or failing_since is not null
      or last_success_at is null or last_success_at < success_at - interval '10 seconds')
    returning endpoint.*
  )
  select endpoint_id, (extract(epoch from failing_since) * 1000)::bigint as since_ms, failed_deliveries, warned_percent,
    is_gone
  from noted join outcome using (endpoint_id)
  where failing_since is not null and status <> 'disabled' and deleted_at is null`;

const WARNED = "update webhook_endpoints set warned_percent = $2 where endpoint_id = $1 and failing_since is not null";

const DISABLE = `
  update webhook_endpoints set status = 'disabled', disabled_reason = $2, disabled_at = $3, updated_at = $3
  where endpoint_id = $1 and status <> 'disabled' and deleted_at is null`;

const PARK = `
  update webhook_deliveries set status = 'parked', parked_at = $2
  where lane = 'endpoint:' || $1 and status = 'pending'`;
