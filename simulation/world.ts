import { createHash } from "node:crypto";
import type { Command } from "../domain/commands.ts";
import { addressKey } from "../domain/user/address-key.ts";
import type { UserAddress } from "../domain/user/user.ts";
import { topicName } from "../schemas/topics.ts";
import type { Validate } from "../schemas/validators.ts";
import type { BatchResult, CommandBatch } from "../storage/user-store/batch.ts";
import { checkLoading } from "./checks/check-loading.ts";
import { checkExplanation, checkSessions, type Reading } from "./checks/check-reads.ts";
import { insist } from "./checks/violation.ts";
import { createWatch, type Watch } from "./checks/watch.ts";
import { ADDRESSES } from "./history/replay-history.ts";
import { type SavedPartner, snapshotOf } from "./history/saved-history.ts";
import { createIdentifiers, type Identifiers } from "./identifiers.ts";
import { createMemoryBroker, type MemoryBroker } from "./memory-broker.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";
import { createRandom, type Random } from "./random.ts";
import { type Clocks, createClocks } from "./world/clocks.ts";
import { createPartners, type Partners } from "./world/partners.ts";
import { createPopulation, type Population } from "./world/population.ts";
import { createTally, type Tally } from "./world/tally.ts";
import { createWriter, type Fault, type Writer } from "./world/writer.ts";

/** Where commands and events go. */
export const COMMANDS = topicName("", "userCommands");
export const EVENTS = topicName("", "userEvents");
export const CLUSTER_ID = "simulated";
export const WRITERS = "writers";
const PARTITIONS = 4;
const LIVING = 16;
/** How many batches are decided a second time, on users that are loaded whole, 0..1. */
const WHOLE_SHARE = 0.2;
/** How often a user who was touched is explained, 0..1. */
const EXPLAINED_SHARE = 0.02;

export interface WorldSettings {
  readonly seed: number;
  readonly isValidEvent: Validate;
  /** How often an event is held against its schema, 0..1. */
  readonly schemaShare: number;
  /** Hears of every batch as it was committed, in order: for another store that shall do the same. */
  readonly mirror?: Mirror;
}

/** Another store that is told everything. */
export interface Mirror {
  readonly partner: (slug: string, partner: SavedPartner) => void;
  readonly batch: (batch: CommandBatch, moment: { nowMs: number; result: BatchResult }) => void;
}

/** Everything there is; deterministic from its seed. */
export interface World {
  readonly random: Random;
  readonly clocks: Clocks;
  readonly partners: Partners;
  readonly population: Population;
  readonly broker: MemoryBroker;
  readonly store: MemoryStore;
  readonly watch: Watch;
  readonly tally: Tally;
  readonly identifiers: Identifiers;
  /** Sends a command, as the gateway or a consumer would. */
  readonly send: (command: Command) => void;
  /** The same for a command that no gateway would send, and that may fail. */
  readonly sendBroken: (command: Command) => void;
  readonly writer: Writer;
  /** Of everything that happened so far. */
  readonly historyHash: () => string;
}

/** The beginning of a world. */
export function createWorld({ seed, isValidEvent, schemaShare, mirror }: WorldSettings): World {
  const random = createRandom(seed);
  const clocks = createClocks(random);
  const partners = createPartners(random);
  const population = createPopulation(random, partners.slugs, LIVING);
  const broker = createMemoryBroker(PARTITIONS);
  const identifiers = createIdentifiers();
  const tally = createTally();
  const failure = { isDue: false };
  // Chance of its own: looking on must not change what happens.
  const glances = createRandom(seed + 1);
  const store = createMemoryStore({
    clock: clocks.writer.now,
    newId: identifiers.newId,
    addresses: ADDRESSES,
    partnerOf: (command) => snapshotOf(command, partners.of(command.partner)),
    beforeCommit: () => {
      if (!failure.isDue) return;
      failure.isDue = false;
      throw Object.assign(new Error("the database is away"), { code: "ECONNREFUSED" });
    },
    compareWhole: (run, runOnWhole) => {
      if (glances.next() >= WHOLE_SHARE) return;
      identifiers.startOver();
      checkLoading(run, runOnWhole());
    },
  });
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    store.progress.begin({ topic: COMMANDS, partition, clusterId: CLUSTER_ID, nextOffset: 0n });
  }
  const watch = createWatch({ store, isValidEvent, random: glances.next, schemaShare });
  const hash = createHash("sha256");
  const broken = new Set<string>();
  const committed = createRecorder({
    clocks,
    partners,
    population,
    store,
    watch,
    tally,
    hash,
    mirror,
    glances,
    broken,
  });
  const writer = createWriter({
    change: (batch, clusterId) => {
      identifiers.startOver();
      return store.change(batch, clusterId);
    },
    clusterId: CLUSTER_ID,
    failNextCommit: () => {
      failure.isDue = true;
    },
    committed,
  });
  const send = (command: Command): void => {
    watch.sent(command);
    population.find(command)?.sent.push(command);
    broker.publish(COMMANDS, [{ key: addressKey(command), value: command, headers: {} }]);
  };
  return {
    ...{ random, clocks, partners, population, broker, store, watch, tally, identifiers, writer, send },
    sendBroken: (command) => {
      broken.add(command.commandId);
      send(command);
    },
    historyHash: () => hash.copy().digest("hex"),
  };
}

interface Recording extends Pick<World, "clocks" | "partners" | "population" | "store" | "watch" | "tally"> {
  readonly hash: ReturnType<typeof createHash>;
  readonly mirror: Mirror | undefined;
  readonly glances: Random;
  /** The ids of commands that may fail. */
  readonly broken: ReadonlySet<string>;
}

type Committed = BatchResult & { readonly kind: "committed" };

/** Keeps what was applied, for a saved history; looks at every user that a batch touched. */
function createRecorder(recording: Recording): (batch: CommandBatch, result: Committed) => void {
  const { clocks, partners, population, store, watch, tally, hash, mirror, glances, broken } = recording;
  const through = new Map<number, bigint>();
  const read = (address: UserAddress, reading: Reading): void => {
    checkSessions(store.recordOf(address), reading);
    const history = glances.chance(EXPLAINED_SHARE) ? store.historyOf(address) : [];
    if (history.length > 0) checkExplanation(history, reading, 1 + glances.below(history.length));
  };
  let batches = 0;
  return (batch, result) => {
    batches += 1;
    const nowMs = clocks.writer.now();
    mirror?.batch(batch, { nowMs, result });
    const applied = batch.messages.filter(({ offset }) => offset >= (through.get(batch.partition) ?? 0n));
    through.set(batch.partition, result.nextOffset);
    const commands = applied.flatMap((message) => (message.kind === "command" ? [message.command] : []));
    const touched = new Map<string, UserAddress>();
    for (const command of commands) {
      touched.set(addressKey(command), command);
      const partner = partners.of(command.partner);
      const step = { nowMs, batch: batches, partner, command };
      if (!broken.has(command.commandId)) population.find(command)?.applied.push(step);
    }
    for (const address of touched.values()) {
      read(address, { partner: snapshotOf(address, partners.of(address.partner)), now: new Date(nowMs).toISOString() });
      for (const event of watch.look(address)) {
        tally.countEvent(event);
        hash.update(JSON.stringify(event));
      }
    }
    settle(commands, result, { watch, tally, broken });
  };
}

/** Every command has its decision, and only a rule that throws makes one fail. */
function settle(
  commands: readonly Command[],
  { decisions }: Committed,
  { watch, tally, broken }: Pick<Recording, "watch" | "tally" | "broken">,
): void {
  insist(
    decisions.length === commands.length,
    "P11",
    () => `${commands.length} commands, ${decisions.length} decisions`,
  );
  for (const [index, command] of commands.entries()) {
    const decision = decisions[index]?.decision;
    insist(decision?.commandId === command.commandId, "P11", () => `${command.type} has no decision in its place`);
    const mayFail = broken.has(command.commandId);
    insist(mayFail || decision.outcome !== "failed", "decided", () => `${command.type} ${command.commandId} failed`);
    const isRepeated = !watch.decided(command, decision);
    tally.countDecided({ command, decision, isRepeated });
  }
}

/** The faults that may befall a writer, and how often out of a hundred batches. */
export const FAULTS: readonly { readonly fault: Fault; readonly weight: number }[] = [
  { fault: "none", weight: 88 },
  { fault: "rolled_back", weight: 3 },
  { fault: "died_after_commit", weight: 4 },
  { fault: "second_owner", weight: 3 },
  { fault: "read_ahead", weight: 2 },
];
