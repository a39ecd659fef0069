import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../domain/commands.ts";
import type { DecisionContext } from "../domain/decision.ts";
import type { Clock } from "../runtime/clock.ts";
import type { ActiveLinkLock } from "./active-link-lock.ts";
import type { AddressedDecision, StoredDecision } from "./decisions.ts";
import { DecisionEntity } from "./entities/decision.ts";
import { RefusalEntity } from "./entities/refusal.ts";
import type { IdentityHash } from "./identity-hash.ts";
import type { Database } from "./orm.ts";
import { runSql } from "./sql.ts";
import type { BatchResult, CommandBatch, SharedResult } from "./user-store/batch.ts";
import { type BulkWriter, createBulkWriter } from "./user-store/bulk.ts";
import { type LockPlan, planLocks, settleLocks, takeLocks } from "./user-store/link-locks.ts";
import { loadWorkingSet } from "./user-store/load.ts";
import { loadPartners } from "./user-store/partners.ts";
import { lockPartitions, moveNextOffsets, type Progress } from "./user-store/progress.ts";
import { recordLeaving } from "./user-store/record-leaving.ts";
import { commandIdentity, type DecidedCommand, type RunContext, runCommands } from "./user-store/run-commands.ts";
import { saveUsers } from "./user-store/save.ts";

/** The only code that changes users, and the only one that opens a transaction to do so. */
export interface UserStore {
  /**
   * Applies a batch whole or not at all: state, history, decisions, outbox and the next offset in one commit. Messages
   * that were applied before are skipped. Locks and decisions are not part of the promise.
   */
  change(batch: CommandBatch, clusterId: string): Promise<BatchResult>;
}

/** A store that can also share one commit among partitions: most of what a small batch costs does not depend on its size. */
export interface SharingUserStore extends UserStore {
  /**
   * Applies batches of several partitions of a topic, all of them or none, each as `change` does. Results in the order
   * of the batches. Waits for nobody: a partition whose fence somebody else holds is left out as `fenced`, so that it
   * cannot hold up the others.
   */
  changeTogether(batches: readonly CommandBatch[], clusterId: string): Promise<readonly SharedResult[]>;
}

export interface UserStoreSettings {
  readonly database: Database;
  readonly lock: ActiveLinkLock;
  readonly clock: Clock;
  readonly newId: RunContext["newId"];
  readonly identityHash: IdentityHash;
  readonly addresses: DecisionContext["addresses"];
  readonly metrics: { readonly activeLinkRaces: { readonly inc: (by: number) => void } };
}

/** The store over Postgres. */
export function createUserStore(settings: UserStoreSettings): SharingUserStore {
  const bulk = createBulkWriter();
  const apply = async (batches: readonly CommandBatch[], clusterId: string, fence: "wait" | "skip") => {
    const em = settings.database.em();
    const { results, locks } = await em.transactional((transaction) =>
      applyBatches({ transaction, clusterId, fence, bulk, settings }, batches),
    );
    await settleLocks(settings.lock, locks);
    return results;
  };
  return {
    async change(batch, clusterId) {
      const [result = NOT_ADMITTED] = await apply([batch], clusterId, "wait");
      // Nobody is skipped by who waits: without a row the partition was never admitted.
      return result.kind === "fenced" ? NOT_ADMITTED : result;
    },
    changeTogether: (batches, clusterId) => apply(batches, clusterId, "skip"),
  };
}

const NOT_ADMITTED = { kind: "not_admitted" } as const;

interface Work {
  readonly transaction: EntityManager;
  readonly clusterId: string;
  readonly fence: "wait" | "skip";
  readonly bulk: BulkWriter;
  readonly settings: UserStoreSettings;
}

interface Written {
  readonly results: readonly SharedResult[];
  readonly locks: LockPlan;
}

async function applyBatches(work: Work, batches: readonly CommandBatch[]): Promise<Written> {
  const progress = await lockPartitions(work.transaction, batches, work.fence);
  const placed = batches.map((batch) => placeBatch(batch, progress.get(batch.partition), work.clusterId));
  const parts = placed.flatMap((one) => (one.kind === "open" ? [one] : []));
  if (parts.length === 0)
    return { results: placed.flatMap((one) => (one.kind === "open" ? [] : [one])), locks: NO_LOCKS };
  const { results, locks } = await write(work, parts);
  const written = new Map(parts.map((part, index) => [part, results[index] ?? NOT_ADMITTED]));
  return { results: placed.map((one) => (one.kind === "open" ? (written.get(one) ?? NOT_ADMITTED) : one)), locks };
}

/** A batch, or what is left of it, that may be applied. */
interface OpenBatch extends CommandBatch {
  readonly kind: "open";
}

function placeBatch(batch: CommandBatch, progress: Progress | undefined, clusterId: string): OpenBatch | SharedResult {
  if (progress === undefined) return { kind: "fenced" };
  if (progress.clusterId !== clusterId) return NOT_ADMITTED;
  const { nextOffset } = progress;
  const messages = batch.messages.filter(({ offset }) => offset >= nextOffset);
  const [first] = messages;
  if (first === undefined) return { kind: "committed", nextOffset, decisions: [], outgoing: [] };
  return first.offset > nextOffset ? { kind: "gap", nextOffset } : { ...batch, kind: "open", messages };
}

const NO_LOCKS: LockPlan = { begun: [], ended: [], committed: [], released: [] };

async function write(work: Work, parts: readonly OpenBatch[]): Promise<Written> {
  const { transaction, bulk, settings } = work;
  const now = new Date(settings.clock()).toISOString();
  const all = parts.flatMap(({ messages }) => messages);
  const commands = all.flatMap((message) => (message.kind === "command" ? [message.command] : []));
  const known = await loadDecisions(transaction, commands);
  const partnerOf = await loadPartners(transaction, commands);
  const users = await loadWorkingSet(transaction, commands);
  const { newId, addresses } = settings;
  const runs = parts.map(({ messages }) => {
    const run = runCommands(messages, users, { now, addresses, newId, partnerOf, known });
    for (const { command, decision } of run.decided) known.set(commandIdentity(command.commandId, command), decision);
    return run;
  });
  const locks = planLocks(users.all());
  await takeLocks(settings.lock, locks, (races) => settings.metrics.activeLinkRaces.inc(races));
  await saveUsers(transaction, bulk, { users: users.all(), identityHash: settings.identityHash });
  await saveDecisions(transaction, bulk, { decided: runs.flatMap(({ decided }) => decided), now });
  const left = parts.map((place, index) => ({ leaving: runs[index]?.leaving ?? [], place: { ...place, now } }));
  const outgoing = await recordLeaving(transaction, bulk, left);
  const moves = parts.map(({ partition, messages, publishedThrough }) => ({
    partition,
    nextOffset: (messages.at(-1)?.offset ?? -1n) + 1n,
    publishedThrough,
  }));
  await moveNextOffsets(transaction, parts[0]?.topic ?? "", moves);
  const results = moves.map(({ nextOffset }, index) => ({
    kind: "committed" as const,
    nextOffset,
    decisions: (runs[index]?.decided ?? []).flatMap(addressed),
    outgoing: outgoing[index] ?? [],
  }));
  return { results, locks };
}

function addressed({ command, decision }: DecidedCommand): readonly AddressedDecision[] {
  return command.replyTo === null ? [] : [{ replyTo: command.replyTo, decision }];
}

interface DecisionRow {
  readonly command_id: string;
  readonly partner: string;
  readonly environment: Command["environment"];
  readonly reference_id: string;
  readonly outcome: StoredDecision["outcome"];
  readonly answer: StoredDecision["answer"];
  readonly refusal: StoredDecision["refusal"];
}

async function loadDecisions(em: EntityManager, commands: readonly Command[]): Promise<Map<string, StoredDecision>> {
  const sql = "select * from decisions where command_id = any($1)";
  const rows = await runSql<DecisionRow>(em, sql, [commands.map(({ commandId }) => commandId)]);
  return new Map(
    rows.map(({ command_id: commandId, partner, environment, reference_id: referenceId, outcome, answer, refusal }) => [
      commandIdentity(commandId, { partner, environment, referenceId }),
      { commandId, outcome, answer, refusal },
    ]),
  );
}

/** Refusals also leave a row for those who ask later who was refused what; nothing of them is in a user's history. */
async function saveDecisions(
  em: EntityManager,
  bulk: BulkWriter,
  { decided, now }: { readonly decided: readonly DecidedCommand[]; readonly now: string },
): Promise<void> {
  const fresh = decided.filter(({ isRepeated }) => !isRepeated);
  const owner = ({ partner, environment, referenceId, commandId, type }: Command) => ({
    ...{ partner, environment, reference_id: referenceId, command_id: commandId, command_type: type },
  });
  const rows = fresh.map(({ command, decision: { outcome, answer, refusal } }) => ({
    ...owner(command),
    ...{ outcome, answer, refusal, decided_at: now },
  }));
  await bulk.insert(em, DecisionEntity, rows);
  const refused = fresh.flatMap(({ command, decision: { refusal } }) =>
    refusal === null ? [] : [{ ...owner(command), code: refusal.code, actor: command.actor, at: now }],
  );
  await bulk.insert(em, RefusalEntity, refused);
}
