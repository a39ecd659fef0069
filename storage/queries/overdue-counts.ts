import type { EntityManager } from "@mikro-orm/postgresql";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import { runSql } from "../sql.ts";

/** What waits for somebody, over all partners. */
export interface OverdueCounts {
  /** Checks that run longer than their partner's `cipOverdueMinutes` (B9). */
  readonly cipAttempts: number;
  /** Transfers without an outcome after their partner's `operationOverdueMinutes` (J6). */
  readonly operations: number;
  /** Transfers of which two different outcomes were reported, until an operator settles them (J4, J6). */
  readonly contradictions: number;
}

/** Counts them at `now`; reads open checks, open transfers and those in review only, over partial indexes. */
export async function countOverdue(em: EntityManager, now: string): Promise<OverdueCounts> {
  const { cipOverdueMinutes, operationOverdueMinutes } = DEFAULT_SETTINGS;
  const [row] = await runSql<OverdueCounts>(em, COUNTS, [now, cipOverdueMinutes, operationOverdueMinutes]);
  if (row === undefined) throw new Error("a count without a row");
  return row;
}

const COUNTS = `select
  (select count(*)::int from cip_attempts join partners on partners.slug = cip_attempts.partner
    where cip_attempts.status = 'open' and cip_attempts.created_at
      + make_interval(mins => coalesce((settings ->> 'cipOverdueMinutes')::int, $2)) <= $1::timestamptz) as "cipAttempts",
  (select count(*)::int from operations join partners on partners.slug = operations.partner
    where operations.status in ('created', 'processing') and operations.created_at
      + make_interval(mins => coalesce((settings ->> 'operationOverdueMinutes')::int, $3)) <= $1::timestamptz) as operations,
  (select count(*)::int from operations where is_held_for_review) as contradictions`;
