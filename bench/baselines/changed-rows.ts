import { winnersOf } from "../../domain/user/precedence.ts";
import type { Winners } from "../../storage/entities/user.ts";
import type { IdentityHash } from "../../storage/identity-hash.ts";
import { fromDataRequest } from "../../storage/mapping/data-request.ts";
import { fromLink } from "../../storage/mapping/link.ts";
import { fromUser } from "../../storage/mapping/user.ts";
import type { RowChange } from "../../storage/user-store/bulk.ts";
import { draftOf } from "../../storage/user-store/draft-outbox.ts";
import type { RunResult } from "../../storage/user-store/run-commands.ts";
import type { WorkingUser } from "../../storage/user-store/working-set.ts";

export type Row = Readonly<Record<string, unknown>>;
export type TableName = "users" | "links" | "data_requests" | "decisions" | "refusals" | "user_history" | "outbox";

/** What a transaction has to write: of every table first what changed, then what is new (P3). */
export interface ChangedRows {
  readonly changed: readonly (readonly [TableName, readonly RowChange[]])[];
  readonly added: readonly (readonly [TableName, readonly Row[]])[];
}

export interface Decided {
  readonly run: RunResult;
  readonly user: WorkingUser;
  readonly now: string;
  readonly identityHash: IdentityHash;
}

/**
 * The rows that a decided command leaves, the same as those of the users consumer: state, links, data requests, decision,
 * refusal, history and outbox. The commands of the benchmarks touch no other table.
 */
export function changedRows({ run, user, now, identityHash }: Decided): ChangedRows {
  const { loaded, current, address } = user;
  const userRow = (record: WorkingUser["current"], lastConfirmed: WorkingUser["lastConfirmed"]) => {
    if (record.user === null) return null;
    const found = Object.entries(winnersOf(record.user)).map(([path, { source }]) => [path, source]);
    const beside = { winners: Object.fromEntries(found) as Winners, lastConfirmed };
    return { ...fromUser(record.user, { ...beside, identityHash: identityHash(record.user) }) };
  };
  const isTouched = current !== loaded || user.lastConfirmed !== user.loadedConfirmed;
  const after = isTouched ? userRow(current, user.lastConfirmed) : null;
  const before = after === null ? null : userRow(loaded, user.loadedConfirmed);
  const owner = { userId: current.user?.userId ?? "", address };
  const links = changesOf(loaded.links, current.links, {
    idOf: ({ linkId }) => linkId,
    toRow: (it) => fromLink(it, owner),
  });
  const requests = changesOf(loaded.dataRequests, current.dataRequests, {
    idOf: ({ dataRequestId }) => dataRequestId,
    toRow: (it) => fromDataRequest(it, owner),
  });
  return {
    changed: [
      ["users", after !== null && before !== null ? [{ before, after }] : []],
      ["links", links.changed],
      ["data_requests", requests.changed],
    ],
    added: [
      ["users", after !== null && before === null ? [after] : []],
      ["links", links.added],
      ["data_requests", requests.added],
      ["decisions", run.decided.map((decided) => decisionRow(decided, now))],
      ["refusals", run.decided.flatMap((decided) => refusalRows(decided, now))],
      ["user_history", run.leaving.flatMap(historyRows)],
      ["outbox", run.leaving.map((left) => draftOf(left, { topic: "", partition: 0, now }).row)],
    ],
  };
}

interface Mapping<Item> {
  readonly idOf: (item: Item) => string;
  readonly toRow: (item: Item) => object;
}

function changesOf<Item>(before: readonly Item[], now: readonly Item[], { idOf, toRow }: Mapping<Item>) {
  const loaded = new Map(before.map((item) => [idOf(item), item]));
  const row = (item: Item): Row => ({ ...toRow(item) });
  const changed = now.flatMap((item) => {
    const old = loaded.get(idOf(item));
    return old === undefined || old === item ? [] : [{ before: row(old), after: row(item) }];
  });
  return { changed, added: now.filter((item) => !loaded.has(idOf(item))).map(row) };
}

type DecidedCommand = RunResult["decided"][number];

function decisionRow({ command, decision }: DecidedCommand, now: string): Row {
  const { outcome, answer, refusal } = decision;
  return { ...ownerOf(command), outcome, answer, refusal, decided_at: now };
}

function refusalRows({ command, decision: { refusal } }: DecidedCommand, now: string): readonly Row[] {
  return refusal === null ? [] : [{ ...ownerOf(command), code: refusal.code, actor: command.actor, at: now }];
}

function ownerOf({ partner, environment, referenceId, commandId, type }: DecidedCommand["command"]): Row {
  return { partner, environment, reference_id: referenceId, command_id: commandId, command_type: type };
}

function historyRows(left: RunResult["leaving"][number]): readonly Row[] {
  if (left.kind !== "event") return [];
  const {
    userId,
    sequence,
    eventId,
    userVersion,
    type,
    at,
    commandId,
    actor,
    data,
    address,
    private: own,
  } = left.event;
  return [
    {
      ...{ user_id: userId, sequence, event_id: eventId, user_version: userVersion, type, at, command_id: commandId },
      ...{ actor, data, private: own, world: `${address.partner}/${address.environment}` },
    },
  ];
}
