import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../domain/commands.ts";
import type { DecisionContext } from "../domain/decision.ts";
import type { Clock } from "../runtime/clock.ts";
import type { ActiveLinkLock } from "./active-link-lock.ts";
import type { AddressedDecision, StoredDecision } from "./decisions.ts";
import { DecisionEntity } from "./entities/decision.ts";
import { RefusalEntity } from "./entities/refusal.ts";
import type { Database } from "./orm.ts";
import { runSql } from "./sql.ts";
import type { BatchMessage, BatchResult, CommandBatch, OutgoingMessage } from "./user-store/batch.ts";
import { type BulkWriter, createBulkWriter } from "./user-store/bulk.ts";
import { type LockPlan, planLocks, settleLocks, takeLocks } from "./user-store/link-locks.ts";
import { loadWorkingSet } from "./user-store/load.ts";
import { loadPartners } from "./user-store/partners.ts";
import { lockProgress, moveNextOffset } from "./user-store/progress.ts";
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

export interface UserStoreSettings {
  readonly database: Database;
  readonly lock: ActiveLinkLock;
  readonly clock: Clock;
  readonly newId: RunContext["newId"];
  readonly addresses: DecisionContext["addresses"];
  readonly metrics: { readonly activeLinkRaces: { readonly inc: (by: number) => void } };
}

/** The store over Postgres. */
export function createUserStore(settings: UserStoreSettings): UserStore {
  const bulk = createBulkWriter();
  return {
    async change(batch, clusterId) {
      const em = settings.database.em();
      const written = await em.transactional((transaction) => apply({ transaction, batch, clusterId, bulk, settings }));
      if (written.kind !== "committed") return written;
      await settleLocks(settings.lock, written.locks);
      const { kind, nextOffset, decisions, outgoing } = written;
      return { kind, nextOffset, decisions, outgoing };
    },
  };
}

interface Work {
  readonly transaction: EntityManager;
  readonly batch: CommandBatch;
  readonly clusterId: string;
  readonly bulk: BulkWriter;
  readonly settings: UserStoreSettings;
}

type Written = BatchResult & { readonly locks: LockPlan };

async function apply(
  work: Work,
): Promise<Exclude<BatchResult, { kind: "committed" }> | (Written & { kind: "committed" })> {
  const { transaction, batch, clusterId } = work;
  const progress = await lockProgress(transaction, batch.topic, batch.partition);
  if (progress === null || progress.clusterId !== clusterId) return { kind: "not_admitted" };
  const messages = batch.messages.filter(({ offset }) => offset >= progress.nextOffset);
  const [first] = messages;
  if (first === undefined) return { ...NOTHING, nextOffset: progress.nextOffset };
  if (first.offset > progress.nextOffset) return { kind: "gap", nextOffset: progress.nextOffset };
  return write(work, messages);
}

const NOTHING = {
  kind: "committed",
  decisions: [],
  outgoing: [],
  locks: { begun: [], ended: [], committed: [], released: [] },
} as const;

async function write(work: Work, messages: readonly BatchMessage[]): Promise<Written & { kind: "committed" }> {
  const { transaction, batch, bulk, settings } = work;
  const now = new Date(settings.clock()).toISOString();
  const commands = messages.flatMap((message) => (message.kind === "command" ? [message.command] : []));
  const known = await loadDecisions(transaction, commands);
  const partnerOf = await loadPartners(transaction, commands);
  const users = await loadWorkingSet(transaction, commands);
  const { newId, addresses } = settings;
  const { decided, leaving } = runCommands(messages, users, { now, addresses, newId, partnerOf, known });
  const locks = planLocks(users.all());
  await takeLocks(settings.lock, locks, (races) => settings.metrics.activeLinkRaces.inc(races));
  await saveUsers(transaction, bulk, users.all());
  await saveDecisions(transaction, bulk, { decided, now });
  const place = { topic: batch.topic, partition: batch.partition, now };
  const outgoing: readonly OutgoingMessage[] = await recordLeaving(transaction, bulk, { leaving, place });
  const nextOffset = (messages.at(-1)?.offset ?? -1n) + 1n;
  await moveNextOffset(transaction, { topic: batch.topic, partition: batch.partition, nextOffset });
  return { kind: "committed", nextOffset, decisions: decided.flatMap(addressed), outgoing, locks };
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

async function loadDecisions(
  em: EntityManager,
  commands: readonly Command[],
): Promise<ReadonlyMap<string, StoredDecision>> {
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
