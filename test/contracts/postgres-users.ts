import type { EntityManager } from "@mikro-orm/postgresql";
import type { UserRecord } from "../../domain/decision.ts";
import type { Happening, UserEvent } from "../../domain/events.ts";
import { UNKNOWN_USER } from "../../domain/evolve.ts";
import type { RefusalCode } from "../../domain/refusals.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { type CipAttemptRow, toAttempt } from "../../storage/mapping/cip-attempt.ts";
import { type DataRequestRow, toDataRequest } from "../../storage/mapping/data-request.ts";
import { type HeldResultRow, toHeldResult } from "../../storage/mapping/held-result.ts";
import { type LinkRow, toLink } from "../../storage/mapping/link.ts";
import { type OperationRow, toOperation } from "../../storage/mapping/operation.ts";
import { toUser, type UserRow } from "../../storage/mapping/user.ts";
import { runSql } from "../../storage/sql.ts";

/** Everything that Postgres has about a user, each kind in the order in which it came to be. */
export async function recordInPostgres(em: EntityManager, address: UserAddress): Promise<UserRecord> {
  const rowsOf = <Row>(table: string, order: string): Promise<Row[]> =>
    runSql<Row>(
      em,
      `select * from ${table} where partner = $1 and environment = $2 and reference_id = $3 order by ${order}`,
      [address.partner, address.environment, address.referenceId],
    );
  const [user] = await rowsOf<UserRow>("users", "user_id");
  return {
    ...UNKNOWN_USER,
    user: user === undefined ? null : toUser(user),
    links: (await rowsOf<LinkRow>("links", "created_at")).map(toLink),
    dataRequests: (await rowsOf<DataRequestRow>("data_requests", "created_at")).map(toDataRequest),
    attempts: (await rowsOf<CipAttemptRow>("cip_attempts", "number")).map(toAttempt),
    operations: (await rowsOf<OperationRow>("operations", "created_at")).map(toOperation),
    heldResults: (await rowsOf<HeldResultRow>("held_results", "held_at, held_result_id")).map(toHeldResult),
  };
}

/** The user's history as the events that it was written from, private parts included. */
export async function historyInPostgres(em: EntityManager, address: UserAddress): Promise<readonly UserEvent[]> {
  const sql = `select user_history.*, json_build_object('type', type, 'actor', actor, 'data', data, 'private', private)
      as event
    from user_history join users using (user_id)
    where partner = $1 and environment = $2 and reference_id = $3 order by sequence`;
  const { partner, environment, referenceId } = address;
  const rows = await runSql<HistoryRow>(em, sql, [partner, environment, referenceId]);
  return rows.map((row) => ({
    ...row.event,
    eventId: row.event_id,
    at: new Date(row.at).toISOString(),
    address: { partner, environment, referenceId },
    userId: row.user_id,
    sequence: row.sequence,
    userVersion: row.user_version,
    commandId: row.command_id,
  }));
}

/** The codes of the refusals that left a row, in order. */
export async function refusalsInPostgres(em: EntityManager, address: UserAddress): Promise<readonly RefusalCode[]> {
  const sql = "select code from refusals where partner = $1 and environment = $2 and reference_id = $3 order by id";
  const rows = await runSql<{ code: RefusalCode }>(em, sql, [
    address.partner,
    address.environment,
    address.referenceId,
  ]);
  return rows.map(({ code }) => code);
}

interface HistoryRow {
  readonly event: Happening & Pick<UserEvent, "actor">;
  readonly event_id: string;
  readonly at: string;
  readonly user_id: string;
  readonly sequence: number;
  readonly user_version: number;
  readonly command_id: string;
}
