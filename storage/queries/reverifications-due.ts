import type { EntityManager } from "@mikro-orm/postgresql";
import type { UserAddress } from "../../domain/user/user.ts";
import { isoTime } from "../mapping/iso-time.ts";
import { runSql } from "../sql.ts";
import type { Due, DueSearch } from "./due.ts";

/**
 * Verified users who had to be checked again at `until` or before (B5), or whose verification has reached the age that
 * their partner's settings set (B6); longest due first. The id is the userId.
 */
export async function findReverificationsDue(
  em: EntityManager,
  { until, limit, after }: DueSearch,
): Promise<readonly Due[]> {
  const rows = await runSql<DueRow>(em, FIND_DUE, [until, limit, after?.at ?? null, after?.id ?? null]);
  return rows.map(({ id, at, partner, environment, reference_id: referenceId }) => ({
    id,
    at: isoTime(at),
    address: { partner, environment, referenceId },
  }));
}

interface DueRow {
  readonly id: string;
  readonly at: string;
  readonly partner: string;
  readonly environment: UserAddress["environment"];
  readonly reference_id: string;
}

/** Days of 24 hours, so that a session's time zone does not matter. */
const VALID_FOR = "make_interval(hours => 24 * (p.settings->>'cipValidForDays')::int)";

const FIND_DUE = `
  select id, at, partner, environment, reference_id from (
    select user_id as id, reverify_by as at, partner, environment, reference_id from users
    where state = 'cip_verified' and reverify_by is not null and reverify_by <= $1::timestamptz
    union all
    select u.user_id, u.verified_at + ${VALID_FOR}, u.partner, u.environment, u.reference_id
    from partners p join users u on u.partner = p.slug
    where p.settings->>'cipValidForDays' is not null
      and u.state = 'cip_verified' and u.reverify_by is null and u.verified_at <= $1::timestamptz - ${VALID_FOR}
  ) due
  where $3::timestamptz is null or (at, id) > ($3::timestamptz, $4::text)
  order by at, id limit $2`;
