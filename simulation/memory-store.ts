import type { Command } from "../domain/commands.ts";
import type { DecisionContext, UserRecord } from "../domain/decision.ts";
import type { UserEvent } from "../domain/events.ts";
import { UNKNOWN_USER } from "../domain/evolve.ts";
import type { PartnerSnapshot } from "../domain/partner.ts";
import type { Refusal } from "../domain/refusals.ts";
import { addressKey } from "../domain/user/address-key.ts";
import type { UserAddress } from "../domain/user/user.ts";
import type { Clock } from "../runtime/clock.ts";
import type { BatchMessage, BatchResult, CommandBatch, OutgoingMessage } from "../storage/user-store/batch.ts";
import { draftOf } from "../storage/user-store/draft-outbox.ts";
import { needsOf } from "../storage/user-store/needs.ts";
import { commandIdentity, type RunContext, type RunResult, runCommands } from "../storage/user-store/run-commands.ts";
import { addressOf, createWorkingSet, type WorkingUser } from "../storage/user-store/working-set.ts";
import type { UserStore } from "../storage/user-store.ts";
import { loadedPart, mergedRecord } from "./store/loading.ts";
import { createOutbox, type Outbox } from "./store/outbox.ts";
import { createProgress, type ProgressBook } from "./store/progress.ts";
import { createTable, type Decided, type Table } from "./store/table.ts";

export interface MemoryStoreSettings {
  readonly clock: Clock;
  readonly newId: RunContext["newId"];
  readonly addresses: DecisionContext["addresses"];
  readonly partnerOf: (command: Command) => PartnerSnapshot;
  /** Asked when a batch is decided and nothing of it is written: what it throws undoes the batch. */
  readonly beforeCommit?: () => void;
  /** Hears what a batch led to, and may ask what it would have led to had every user been loaded whole. */
  readonly compareWhole?: (run: RunResult, runOnWhole: () => RunResult) => void;
}

/** The twin of the store over Postgres: the same promises, the same pure parts, nothing but memory. */
export interface MemoryStore extends UserStore {
  readonly progress: ProgressBook;
  readonly outbox: Outbox;
  /** Everything that is stored about a user. */
  readonly recordOf: (address: UserAddress) => UserRecord;
  /** The user's events behind a sequence, as they come back from a column of JSON. */
  readonly historyOf: (address: UserAddress, afterSequence?: number) => readonly UserEvent[];
  readonly decisionsOf: (address: UserAddress) => readonly Decided[];
  /** The codes of the refusals that left a row. */
  readonly refusalsOf: (address: UserAddress) => readonly Refusal["code"][];
  /** Forgets all about a user; for a simulation that goes on for ever. */
  readonly forget: (address: UserAddress) => void;
}

/** An empty store. */
export function createMemoryStore(settings: MemoryStoreSettings): MemoryStore {
  const tables = new Map<string, Table>();
  const outbox = createOutbox();
  const progress = createProgress();
  const known = (address: UserAddress) => tables.get(addressKey(address));
  return {
    progress,
    outbox,
    change: async (batch, clusterId) => change({ batch, clusterId, tables, outbox, progress, settings }),
    recordOf: (address) => known(address)?.record ?? UNKNOWN_USER,
    historyOf: (address, afterSequence = 0) => (known(address)?.history ?? []).slice(afterSequence).map(copied),
    decisionsOf: (address) => [...(known(address)?.decisions.values() ?? [])],
    refusalsOf: (address) => known(address)?.refusals ?? [],
    forget: (address) => void tables.delete(addressKey(address)),
  };
}

interface Work {
  readonly batch: CommandBatch;
  readonly clusterId: string;
  readonly tables: Map<string, Table>;
  readonly outbox: Outbox;
  readonly progress: ProgressBook;
  readonly settings: MemoryStoreSettings;
}

function change(work: Work): BatchResult {
  const { batch, clusterId, progress } = work;
  const before = progress.read(batch.topic, batch.partition);
  if (before === null || before.clusterId !== clusterId) return { kind: "not_admitted" };
  const { nextOffset } = before;
  const messages = batch.messages.filter(({ offset }) => offset >= nextOffset);
  const [first] = messages;
  if (first === undefined) return { kind: "committed", nextOffset, decisions: [], outgoing: [] };
  return first.offset > nextOffset ? { kind: "gap", nextOffset } : apply(work, messages);
}

function apply(work: Work, messages: readonly BatchMessage[]): BatchResult {
  const { tables, settings, batch, progress } = work;
  const now = new Date(settings.clock()).toISOString();
  const commands = messages.flatMap((message) => (message.kind === "command" ? [message.command] : []));
  const needs = needsOf(commands);
  const users = working(tables, commands, (whole) => loadedPart(whole, needs));
  const { addresses, newId, partnerOf } = settings;
  const context = { now, addresses, newId, partnerOf, known: knownDecisions(tables, commands) };
  const run = runCommands(messages, users, context);
  settings.compareWhole?.(run, () =>
    runCommands(
      messages,
      working(tables, commands, (whole) => whole),
      context,
    ),
  );
  const { decided, leaving } = run;
  settings.beforeCommit?.();
  for (const user of users.all()) save(tables, user);
  for (const left of leaving) if (left.kind === "event") tableOf(tables, left.event.address).history.push(left.event);
  for (const { command, decision, isRepeated } of decided.filter((one) => !one.isRepeated)) {
    const table = tableOf(tables, command);
    table.decisions.set(command.commandId, { command, decision, isRepeated });
    if (decision.refusal !== null) table.refusals.push(decision.refusal.code);
  }
  const place = { topic: batch.topic, partition: batch.partition, now };
  const drafts = leaving.map((left) => draftOf(left, place).message);
  const outgoing: readonly OutgoingMessage[] = work.outbox.add(batch.partition, drafts);
  const nextOffset = (messages.at(-1)?.offset ?? -1n) + 1n;
  progress.moveNextOffset(batch.topic, batch.partition, nextOffset);
  progress.movePublishedThrough(batch.topic, batch.partition, batch.publishedThrough ?? 0n);
  const decisions = decided.flatMap(({ command: { replyTo }, decision }) =>
    replyTo === null ? [] : [{ replyTo, decision }],
  );
  return { kind: "committed", nextOffset, decisions, outgoing };
}

function working(
  tables: ReadonlyMap<string, Table>,
  commands: readonly Command[],
  load: (whole: UserRecord) => UserRecord,
) {
  const addresses = new Map(commands.map((command) => [addressKey(command), addressOf(command)]));
  return createWorkingSet(
    [...addresses].map(([key, address]) => {
      const table = tables.get(key);
      const record = table === undefined ? UNKNOWN_USER : load(table.record);
      return { address, record, lastConfirmed: table?.lastConfirmed ?? {} };
    }),
  );
}

function knownDecisions(tables: ReadonlyMap<string, Table>, commands: readonly Command[]): RunContext["known"] {
  return new Map(
    commands.flatMap((command) => {
      const decided = tables.get(addressKey(command))?.decisions.get(command.commandId);
      return decided === undefined ? [] : [[commandIdentity(command.commandId, command), decided.decision] as const];
    }),
  );
}

function save(tables: Map<string, Table>, user: WorkingUser): void {
  if (user.current === user.loaded && user.lastConfirmed === user.loadedConfirmed) return;
  const table = tableOf(tables, user.address);
  table.record = mergedRecord(table.record, user.loaded, user.current);
  table.lastConfirmed = user.lastConfirmed;
}

function tableOf(tables: Map<string, Table>, address: UserAddress): Table {
  const key = addressKey(address);
  const table = tables.get(key) ?? createTable();
  tables.set(key, table);
  return table;
}

function copied(event: UserEvent): UserEvent {
  return JSON.parse(JSON.stringify(event)) as UserEvent;
}
