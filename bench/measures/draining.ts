import type { BenchSystem } from "../system.ts";
import type { Child } from "../webhooks/child.ts";

export interface Drained {
  readonly perSecond: number;
  readonly seconds: number;
  readonly messages: number;
  /** Milliseconds of processor per message, by process. */
  readonly processorMs: Readonly<Record<string, number>>;
}

export interface Draining {
  /** Whose database tells how far the topic of commands was applied. */
  readonly system: BenchSystem;
  readonly messages: number;
  readonly start: () => Promise<Readonly<Record<string, Child>>>;
}

const LOOK_EVERY_MS = 25;
const LONGEST_MS = 240_000;

/**
 * Starts consumers on a topic that has been filled before, and times them from their first commit to their last: joining
 * the group is not part of it, only of the processor time. Stops them afterwards. Refuses when they are not done after four minutes.
 */
export async function drainTopic({ system, messages, start }: Draining): Promise<Drained> {
  const applied = () => appliedMessages(system);
  const before = await applied();
  const deadline = Date.now() + LONGEST_MS;
  const moments: { readonly atMs: number; readonly done: number }[] = [];
  const processor = await system.processorSeconds({});
  // Not awaited: it works before it says that it is ready.
  const starting = start();
  for (let done = 0; done < messages; done = (await applied()) - before) {
    if (Date.now() > deadline) throw new Error(`only ${done} of ${messages} messages were applied in time`);
    if (done > 0 && done !== moments.at(-1)?.done) moments.push({ atMs: performance.now(), done });
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  moments.push({ atMs: performance.now(), done: messages });
  const processes = await starting;
  const after = await system.processorSeconds(processes);
  for (const child of Object.values(processes)) {
    child.signal("SIGTERM");
    await child.exited;
  }
  const [first, last] = [moments[0], moments.at(-1)];
  const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1_000;
  const cost = Object.entries(after).map(
    ([name, used]) => [name, Math.round(((used - (processor[name] ?? 0)) * 1e6) / messages) / 1e3] as const,
  );
  return {
    perSecond: Math.round((messages - (first?.done ?? 0)) / seconds),
    ...{ seconds, messages, processorMs: Object.fromEntries(cost) },
  };
}

/** How many messages of user-commands were applied so far. */
export async function appliedMessages(system: BenchSystem): Promise<number> {
  const [row] = await system.rows<{ readonly applied: string | null }>(
    "select sum(next_offset) as applied from consumer_progress",
  );
  return Number(row?.applied ?? 0);
}
