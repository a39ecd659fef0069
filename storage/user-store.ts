import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../domain/commands.ts";
import type { DecisionContext } from "../domain/decision.ts";
import type { Clock } from "../runtime/clock.ts";
import type { ActiveLinkLock } from "./active-link-lock.ts";
import type { AddressedDecision, StoredDecision } from "./decisions.ts";
import type { IdentityHash } from "./identity-hash.ts";
import type { UserColumns } from "./mapping/user.ts";
import type { Database } from "./orm.ts";
import { inPipelinedTransaction, type PipelinedTransaction } from "./sql.ts";
import type { BatchResult, CommandBatch, SharedResult } from "./user-store/batch.ts";
import { type BulkWriter, createBulkWriter, runWrites } from "./user-store/bulk.ts";
import { decisionsStatement, knownDecisions, saveDecisions } from "./user-store/decided.ts";
import { type LockPlan, planLocks, settleLocks, takeLocks } from "./user-store/link-locks.ts";
import { loadWorkingSet, usersStatement } from "./user-store/load.ts";
import { partnersOf, partnersStatement } from "./user-store/partners.ts";
import { lockStatement, moveNextOffsets, type Progress, type ProgressMove, progressOf } from "./user-store/progress.ts";
import { recordLeaving } from "./user-store/record-leaving.ts";
import {
  commandIdentity,
  type DecidedCommand,
  type RunContext,
  type RunResult,
  runCommands,
} from "./user-store/run-commands.ts";
import { saveUsers } from "./user-store/save.ts";
import type { WorkingSet } from "./user-store/working-set.ts";

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
    const { results, locks } = await inPipelinedTransaction(em, (transaction) =>
      applyBatches({ em, transaction, clusterId, fence, bulk, settings }, batches),
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
  /** Only for what the entities say of their tables. */
  readonly em: EntityManager;
  readonly transaction: PipelinedTransaction;
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
  const all = commandsOf(batches);
  // The fence comes first, and what is loaded behind it is as the last owner of the fence has left it.
  const [locked, decisions, partners, users] = await work.transaction.run([
    lockStatement(batches, work.fence),
    decisionsStatement(all),
    partnersStatement(all),
    usersStatement(all),
  ]);
  const progress = progressOf(locked);
  const placed = batches.map((batch) => placeBatch(batch, progress.get(batch.partition), work.clusterId));
  const parts = placed.flatMap((one) => (one.kind === "open" ? [one] : []));
  const loaded = { known: knownDecisions(decisions), partnerOf: partnersOf(partners), users };
  const { results, locks } = parts.length === 0 ? NOTHING_WRITTEN : await write(work, parts, loaded);
  const written = new Map(parts.map((part, index) => [part, results[index] ?? NOT_ADMITTED]));
  return { results: placed.map((one) => (one.kind === "open" ? (written.get(one) ?? NOT_ADMITTED) : one)), locks };
}

function commandsOf(batches: readonly CommandBatch[]): readonly Command[] {
  return batches.flatMap(({ messages }) =>
    messages.flatMap((message) => (message.kind === "command" ? [message.command] : [])),
  );
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

const NOTHING_WRITTEN: Written = { results: [], locks: { begun: [], ended: [], committed: [], released: [] } };

interface Loaded {
  readonly known: Map<string, StoredDecision>;
  readonly partnerOf: RunContext["partnerOf"];
  readonly users: readonly UserColumns[];
}

async function write(work: Work, parts: readonly OpenBatch[], loaded: Loaded): Promise<Written> {
  const { em, transaction, bulk, settings } = work;
  const now = new Date(settings.clock()).toISOString();
  const users = await loadWorkingSet(transaction.run, commandsOf(parts), loaded.users);
  const runs = runBatches(parts, users, { ...settings, ...loaded, now });
  const locks = planLocks(users.all());
  await takeLocks(settings.lock, locks, (races) => settings.metrics.activeLinkRaces.inc(races));
  const leavings = runs.map(({ leaving, place }) => ({ leaving, place: { ...place, now } }));
  const departure = recordLeaving(em, bulk, leavings);
  const decided = runs.flatMap((run) => run.decided);
  const moves = runs.map(({ place }) => moveOf(place));
  const written = await runWrites(transaction.runAndCommit, [
    ...saveUsers(em, bulk, { users: users.all(), identityHash: settings.identityHash }),
    ...saveDecisions(em, bulk, { decided, now }),
    ...departure.writes,
    { table: "consumer_progress", ...moveNextOffsets(parts[0]?.topic ?? "", moves) },
  ]);
  const outgoing = departure.messages(written);
  const results = runs.map((run, index) => ({
    kind: "committed" as const,
    nextOffset: moves[index]?.nextOffset ?? 0n,
    decisions: run.decided.flatMap(addressed),
    outgoing: outgoing[index] ?? [],
  }));
  return { results, locks };
}

interface Run extends RunResult {
  readonly place: OpenBatch;
}

/** One partition after the other; what was decided in one is known in the next. */
function runBatches(parts: readonly OpenBatch[], users: WorkingSet, context: Loaded & Omit<RunContext, "known">) {
  return parts.map((place): Run => {
    const run = runCommands(place.messages, users, context);
    for (const { command, decision } of run.decided) {
      context.known.set(commandIdentity(command.commandId, command), decision);
    }
    return { ...run, place };
  });
}

function moveOf({ partition, messages, publishedThrough }: OpenBatch): ProgressMove {
  return { partition, nextOffset: (messages.at(-1)?.offset ?? -1n) + 1n, publishedThrough };
}

function addressed({ command, decision }: DecidedCommand): readonly AddressedDecision[] {
  return command.replyTo === null ? [] : [{ replyTo: command.replyTo, decision }];
}
