import type { EntityManager } from "@mikro-orm/postgresql";
import type { UserEvent } from "../../domain/events.ts";
import { cipRequestValue, type Owner, operationRequestValue } from "../../domain/outgoing.ts";
import type { OutboxEntity } from "../entities/outbox.ts";
import type { UserHistoryEntity } from "../entities/user-history.ts";
import { type CipAttemptRow, toAttempt } from "../mapping/cip-attempt.ts";
import { isoTime } from "../mapping/iso-time.ts";
import { type OperationRow, toOperation } from "../mapping/operation.ts";
import { runSql } from "../sql.ts";
import type { Row } from "../tables.ts";
import type { OutgoingMessage } from "./batch.ts";
import { eventMessage, parkedMessage, requestMessage } from "./outgoing-message.ts";

type OutboxRow = Row<typeof OutboxEntity>;
type HistoryRow = Row<typeof UserHistoryEntity>;
type AddressedRow = { readonly user_id: string } & Pick<CipAttemptRow, "partner" | "environment" | "reference_id">;

/**
 * The messages of a partition that are behind a row of the outbox, in order, at most `limit`. An event is read from the
 * history, a request from its attempt or operation as it was frozen, so that a message published again is the same.
 */
export async function readOutbox(
  em: EntityManager,
  behind: { readonly partition: number; readonly outboxId: bigint; readonly limit: number },
): Promise<readonly OutgoingMessage[]> {
  const rows = await runSql<OutboxRow>(
    em,
    "select * from outbox where source_partition = $1 and id > $2 order by id limit $3",
    [behind.partition, behind.outboxId.toString(), behind.limit],
  );
  const events = await readEvents(em, rows);
  const attempts = await readReferenced<CipAttemptRow>(em, "cip_attempts", {
    id: "attempt_id",
    rows: ofKind(rows, "cip_request"),
  });
  const operations = await readReferenced<OperationRow>(em, "operations", {
    id: "operation_id",
    rows: ofKind(rows, "operation_request"),
  });
  return rows.map((row) => {
    switch (row.kind) {
      case "event":
        return eventMessage(BigInt(row.id), found(events, `${row.user_id}/${row.sequence}`));
      case "cip_request": {
        const attempt = found(attempts, row.reference);
        return requestMessage(row, "cipRequests", cipRequestValue(toAttempt(attempt), ownerOf(attempt)));
      }
      case "operation_request": {
        const operation = found(operations, row.reference);
        const value = operationRequestValue(toOperation(operation), row.action ?? "execute", ownerOf(operation));
        return requestMessage(row, "operationRequests", value);
      }
      case "parked":
        return parkedMessage(BigInt(row.id), { key: row.message_key, value: row.payload });
      default:
        return row.kind satisfies never;
    }
  });
}

async function readEvents(
  em: EntityManager,
  rows: readonly OutboxRow[],
): Promise<ReadonlyMap<string, Omit<UserEvent, "private" | "actor">>> {
  const wanted = ofKind(rows, "event");
  if (wanted.length === 0) return new Map();
  const sql = `select user_history.user_id, user_history.sequence, event_id, user_version, type, at, command_id, data,
      partner, environment, reference_id
    from unnest($1::text[], $2::int[]) as given(user_id, sequence)
    join user_history using (user_id, sequence) join users on users.user_id = user_history.user_id`;
  const found = await runSql<HistoryRow & AddressedRow>(em, sql, [
    wanted.map(({ user_id }) => user_id),
    wanted.map(({ sequence }) => sequence),
  ]);
  return new Map(found.map((row) => [`${row.user_id}/${row.sequence}`, toPublicEvent(row)]));
}

function toPublicEvent(row: HistoryRow & AddressedRow): Omit<UserEvent, "private" | "actor"> {
  return {
    eventId: row.event_id,
    type: row.type,
    at: isoTime(row.at),
    address: ownerOf(row).address,
    userId: row.user_id,
    sequence: row.sequence,
    userVersion: row.user_version,
    commandId: row.command_id,
    data: row.data,
  } as Omit<UserEvent, "private" | "actor">;
}

async function readReferenced<Found extends AddressedRow>(
  em: EntityManager,
  table: "cip_attempts" | "operations",
  wanted: { readonly id: "attempt_id" | "operation_id"; readonly rows: readonly OutboxRow[] },
): Promise<ReadonlyMap<string, Found>> {
  if (wanted.rows.length === 0) return new Map();
  const sql = `select * from ${table} where ${wanted.id} = any($1)`;
  const rows = await runSql<Found & Record<typeof wanted.id, string>>(em, sql, [
    wanted.rows.map(({ reference }) => reference),
  ]);
  return new Map(rows.map((row) => [row[wanted.id], row]));
}

function ofKind(rows: readonly OutboxRow[], kind: OutboxRow["kind"]): readonly OutboxRow[] {
  return rows.filter((row) => row.kind === kind);
}

function ownerOf(row: AddressedRow): Owner {
  const address = { partner: row.partner, environment: row.environment, referenceId: row.reference_id };
  return { userId: row.user_id, address };
}

function found<Value>(values: ReadonlyMap<string, Value>, key: string | null): Value {
  const value = values.get(key ?? "");
  if (value === undefined) throw new Error("the outbox points to a row that is not there");
  return value;
}
