import type { EntityManager } from "@mikro-orm/postgresql";
import type { HeldResult } from "../../domain/decision.ts";
import { winnersOf } from "../../domain/user/precedence.ts";
import type { User } from "../../domain/user/user.ts";
import { CipAttemptEntity } from "../entities/cip-attempt.ts";
import { DataRequestEntity } from "../entities/data-request.ts";
import { HeldResultEntity } from "../entities/held-result.ts";
import { LinkEntity } from "../entities/link.ts";
import { OperationEntity } from "../entities/operation.ts";
import { UserEntity, type Winners } from "../entities/user.ts";
import type { IdentityHash } from "../identity-hash.ts";
import { fromAttempt } from "../mapping/cip-attempt.ts";
import { fromDataRequest } from "../mapping/data-request.ts";
import { fromHeldResult } from "../mapping/held-result.ts";
import { fromLink, type RowOwner } from "../mapping/link.ts";
import { fromOperation } from "../mapping/operation.ts";
import { fromUser } from "../mapping/user.ts";
import type { BulkWriter, RowChange, Write } from "./bulk.ts";
import type { WorkingUser } from "./working-set.ts";

/**
 * Writes what the batch changed. Of every table first what was there before, then what is new: a link that ended must
 * have left the unique index before the next one enters it (P3).
 */
export function saveUsers(
  em: EntityManager,
  bulk: BulkWriter,
  { users, identityHash }: { readonly users: readonly WorkingUser[]; readonly identityHash: IdentityHash },
): readonly Write[] {
  const touched = users.filter((user) => user.current !== user.loaded || user.lastConfirmed !== user.loadedConfirmed);
  const parts = PARTS.flatMap(({ entity, rowsOf }) => {
    const changes = touched.map(rowsOf);
    const changed = changes.flatMap((change) => change.changed);
    const added = changes.flatMap((change) => change.added);
    return [...bulk.update(em, entity, changed), ...bulk.insert(em, entity, added)];
  });
  return [...saveUserRows(em, bulk, { touched, identityHash }), ...parts, ...saveHeldResults(em, bulk, touched)];
}

function saveUserRows(
  em: EntityManager,
  bulk: BulkWriter,
  { touched, identityHash }: { readonly touched: readonly WorkingUser[]; readonly identityHash: IdentityHash },
): readonly Write[] {
  const known = touched.filter(({ current }) => current.user !== null);
  const created = known.filter(({ loaded }) => loaded.user === null);
  const updated = known.filter(({ loaded }) => loaded.user !== null);
  return [
    ...bulk.insert(
      em,
      UserEntity,
      created.map((user) => rowOf(user, identityHash)),
    ),
    ...bulk.update(
      em,
      UserEntity,
      updated.map((user) => changeOf(user, identityHash)),
    ),
  ];
}

function rowOf({ current, lastConfirmed }: WorkingUser, identityHash: IdentityHash) {
  const user = existing(current.user);
  const winners = Object.fromEntries(Object.entries(winnersOf(user)).map(([path, { source }]) => [path, source]));
  return fromUser(user, { winners: winners as Winners, lastConfirmed, identityHash: identityHash(user) });
}

/** What is derived from a user's values is not derived anew for what it was: it is the same, or it counts as changed. */
function changeOf(working: WorkingUser, identityHash: IdentityHash): RowChange {
  const after = rowOf(working, identityHash);
  const [old, user] = [existing(working.loaded.user), existing(working.current.user)];
  const isSame = old.assertions === user.assertions && old.values === user.values;
  const derived = { winners: after.winners, identityHash: after.identity_hash };
  const before = fromUser(old, { ...derived, lastConfirmed: working.loadedConfirmed });
  return { before: isSame ? { ...before } : { ...before, ...NOT_KNOWN }, after: { ...after } };
}

const NOT_KNOWN = { winners: undefined, identity_hash: undefined };

interface PartChanges {
  readonly changed: readonly RowChange[];
  readonly added: readonly Readonly<Record<string, unknown>>[];
}

const PARTS = [
  {
    entity: LinkEntity,
    rowsOf: (user: WorkingUser) => changesOf(user, "links", { idOf: (it) => it.linkId, toRow: fromLink }),
  },
  {
    entity: DataRequestEntity,
    rowsOf: (user: WorkingUser) =>
      changesOf(user, "dataRequests", { idOf: (it) => it.dataRequestId, toRow: fromDataRequest }),
  },
  {
    entity: CipAttemptEntity,
    rowsOf: (user: WorkingUser) => changesOf(user, "attempts", { idOf: (it) => it.attemptId, toRow: fromAttempt }),
  },
  {
    entity: OperationEntity,
    rowsOf: (user: WorkingUser) =>
      changesOf(user, "operations", { idOf: (it) => it.operationId, toRow: fromOperation }),
  },
] as const;

type Part = "links" | "dataRequests" | "attempts" | "operations";
type PartOf<Name extends Part> = WorkingUser["current"][Name][number];

interface Mapping<Item> {
  readonly idOf: (item: Item) => string;
  readonly toRow: (item: Item, owner: RowOwner) => object;
}

/** Records are never changed in place, so another object means another content. */
function changesOf<Name extends Part>(user: WorkingUser, part: Name, mapping: Mapping<PartOf<Name>>): PartChanges {
  const { idOf, toRow } = mapping;
  const now = user.current[part] as readonly PartOf<Name>[];
  const before = user.loaded[part] as readonly PartOf<Name>[];
  if (now === before) return { changed: [], added: [] };
  const owner = { userId: existing(user.current.user).userId, address: user.address };
  const loaded = new Map(before.map((item) => [idOf(item), item]));
  const row = (item: PartOf<Name>) => ({ ...toRow(item, owner) });
  const changed = now.flatMap((item) => {
    const old = loaded.get(idOf(item));
    return old === undefined || old === item ? [] : [{ before: row(old), after: row(item) }];
  });
  return { changed, added: now.filter((item) => !loaded.has(idOf(item))).map(row) };
}

function saveHeldResults(em: EntityManager, bulk: BulkWriter, touched: readonly WorkingUser[]): readonly Write[] {
  const settled = touched.flatMap(({ loaded, current }) => withoutHeld(loaded.heldResults, current.heldResults));
  const ids = settled.map(({ heldResultId }) => heldResultId);
  const removal: Write = {
    table: "held_results",
    sql: "delete from held_results where held_result_id = any($1)",
    parameters: [ids],
  };
  const added = touched.flatMap(({ address, loaded, current }) =>
    withoutHeld(current.heldResults, loaded.heldResults).map((held) => fromHeldResult(held, address)),
  );
  return [...(ids.length === 0 ? [] : [removal]), ...bulk.insert(em, HeldResultEntity, added)];
}

function withoutHeld(all: readonly HeldResult[], others: readonly HeldResult[]): readonly HeldResult[] {
  return all.filter((held) => !others.some(({ heldResultId }) => heldResultId === held.heldResultId));
}

function existing(user: User | null): User {
  if (user === null) throw new Error("a record without a user was changed");
  return user;
}
