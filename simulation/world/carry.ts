import { isWaiting } from "../../domain/data-request/states.ts";
import { isCommitted, isEnded } from "../../domain/link/states.ts";
import type { BatchOutcome } from "../../messaging/batch.ts";
import { insist } from "../checks/violation.ts";
import type { MemoryBatch } from "../memory-broker.ts";
import { COMMANDS, EVENTS, FAULTS, type World, WRITERS } from "../world.ts";
import { lookForDue } from "./act.ts";

const MOST_COMMANDS = 8;
const READERS = "readers";
const SEND_LIMIT = 50;

/** A writer takes the next commands of some partition, and perhaps something befalls it. */
export async function applyCommands(world: World, mayFail = true): Promise<void> {
  const { broker, random, clocks, tally, writer } = world;
  const partition = random.weighted(partitionsOf(world), (one) => broker.lag(WRITERS, COMMANDS, one));
  if (partition === undefined) return;
  const fault = mayFail ? (random.weighted(FAULTS, ({ weight }) => weight)?.fault ?? "none") : "none";
  if (fault !== "none") tally.countAccident(fault);
  if (fault === "died_after_commit") clocks.moveWriter(partition);
  clocks.workAt(partition);
  const limit = 1 + random.below(MOST_COMMANDS);
  const onBatch = (batch: MemoryBatch): Promise<BatchOutcome> => writer.apply(batch, fault);
  await broker.deliver({ group: WRITERS, topic: COMMANDS, partition, limit, onBatch });
  if (fault === "died_after_commit") broker.restart(WRITERS);
  const broken = writer.broken();
  if (broken !== null) throw broken;
}

/** What is committed and not published leaves, in order; a publisher that dies has sent more than it says. */
export function publish({ broker, store, random, tally }: World, partition: number): void {
  const through = store.progress.read(COMMANDS, partition)?.publishedThrough ?? 0n;
  const rows = store.outbox.read({ partition, outboxId: through, limit: SEND_LIMIT });
  const events = rows.filter(({ topic }) => topic === "userEvents");
  broker.publish(EVENTS, events);
  const last = rows.at(-1);
  if (last === undefined) return;
  if (random.chance(0.05)) {
    tally.countAccident("publisher died");
    return;
  }
  store.progress.movePublishedThrough(COMMANDS, partition, last.outboxId);
  store.outbox.deleteThrough(partition, last.outboxId);
}

/** Whoever listens reads what was published, and notes how far each user's events have come (P11). */
export async function listen({ broker, watch, population, writer }: World, partition: number): Promise<void> {
  const onBatch = async ({ messages }: MemoryBatch): Promise<BatchOutcome> => {
    for (const { value } of messages) {
      const event = value as Heard;
      if (population.find(event) !== undefined) watch.heard(event, event.sequence);
    }
    return { kind: "done", nextOffset: (messages.at(-1)?.offset ?? -1n) + 1n };
  };
  while (await broker.deliver({ group: READERS, topic: EVENTS, partition, limit: SEND_LIMIT, onBatch }));
  insist(writer.broken() === null, "P11", () => "the events of a user came out of order");
}

type Heard = Parameters<World["population"]["find"]>[0] & { readonly sequence: number };

/** Everything that was sent is applied, published and read: then nothing may be missing (P11). */
export async function drain(world: World): Promise<void> {
  const { broker, store, population, watch } = world;
  for (const partition of partitionsOf(world)) {
    while (broker.lag(WRITERS, COMMANDS, partition) > 0) await applyCommands(world, false);
  }
  for (const partition of partitionsOf(world)) {
    const isBehind = () => store.outbox.read({ partition, outboxId: 0n, limit: 1 }).length > 0;
    while (isBehind()) publish(world, partition);
    await listen(world, partition);
  }
  for (const { address } of population.living()) {
    insist(watch.hasHeardAll(address), "P11", () => `not every event of ${address.referenceId} was published`);
  }
}

/** G7: long after everything, the timers have ended what was due, so that nothing waits for ever. */
export async function settle(world: World): Promise<void> {
  world.clocks.passLong();
  lookForDue(world);
  await drain(world);
  for (const { address } of world.population.living()) {
    const { links, dataRequests, heldResults } = world.store.recordOf(address);
    const alive = links.filter((link) => !isEnded(link.status) && !isCommitted(link));
    insist(alive.length === 0, "G7", () => `${alive[0]?.linkId} is ${alive[0]?.status} long after its time`);
    const waiting = dataRequests.filter(({ status }) => isWaiting(status));
    const isOwed = waiting.every(({ linkId }) => links.some((link) => link.linkId === linkId && isCommitted(link)));
    insist(isOwed, "G7", () => "a data request waits for ever");
    insist(heldResults.length === 0, "G7", () => `${heldResults.length} results are held for ever`);
  }
}

/** The numbers of the partitions. */
export function partitionsOf({ broker }: World): readonly number[] {
  return Array.from({ length: broker.partitions }, (_, partition) => partition);
}
