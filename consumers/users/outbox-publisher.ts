import { type Backoff, backoffDelayMs } from "../../runtime/backoff.ts";
import type { Log } from "../../runtime/log.ts";
import type { OutgoingMessage } from "../../storage/user-store/batch.ts";

/** What the publisher of a partition needs of the world. */
export interface OutboxPublisherSettings {
  readonly partition: number;
  /** Sends the messages in this order; resolves when all are acknowledged. */
  readonly publish: (messages: readonly Omit<OutgoingMessage, "outboxId">[]) => Promise<void>;
  /** The rows behind an outbox id, in order, at most `limit`. */
  readonly readBehind: (outboxId: bigint, limit: number) => Promise<readonly OutgoingMessage[]>;
  readonly publishedThrough: () => Promise<bigint>;
  /** Hears how far the outbox is published, to have it recorded some time. */
  readonly published: (outboxId: bigint) => void;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly log: Log;
}

export interface OutboxPublisher {
  /** Rows that were just committed. Never blocks and never fails: whatever is lost here is read again. */
  readonly offer: (messages: readonly OutgoingMessage[]) => void;
  /** There may be rows that were never offered: Postgres is read again before anything else is sent. */
  readonly readAgain: () => void;
  /** Ends after the send in flight. */
  readonly stop: () => Promise<void>;
}

/**
 * Publishes what leaves from one partition: in order, one send in flight, at least once. It begins with what an earlier
 * owner left, and after any failure reads again from Postgres, whether or not new commands come, until it has caught up.
 */
export function createOutboxPublisher(settings: OutboxPublisherSettings): OutboxPublisher {
  const stopping = new AbortController();
  const state: State = { queue: [], isBehind: true, wake: null };
  const done = run(settings, state, stopping.signal);
  return {
    offer(messages) {
      if (messages.length === 0) return;
      if (state.queue.length + messages.length > QUEUE_LIMIT) forget(state);
      else state.queue.push(...messages);
      state.wake?.();
    },
    readAgain() {
      forget(state);
      state.wake?.();
    },
    async stop() {
      stopping.abort();
      state.wake?.();
      await done;
    },
  };
}

interface State {
  queue: OutgoingMessage[];
  isBehind: boolean;
  /** Ends the wait for something to do. */
  wake: (() => void) | null;
}

/** Beyond this the rows are read from Postgres in their turn: memory stays bounded while the broker is away. */
const QUEUE_LIMIT = 20_000;
const SEND_LIMIT = 1_000;
const BACKOFF: Backoff = { firstMs: 100, capMs: 5_000 };

/** What Postgres holds is enough; the queue only saves reading it. */
function forget(state: State): void {
  state.queue = [];
  state.isBehind = true;
}

async function run(settings: OutboxPublisherSettings, state: State, signal: AbortSignal): Promise<void> {
  let through: bigint | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      through ??= await settings.publishedThrough();
      if (state.isBehind) through = await catchUp(settings, state, { through, signal });
      through = await publishQueue(settings, state, { through, signal });
      failures = 0;
      if (state.queue.length === 0 && !state.isBehind) await untilWoken(state, signal);
    } catch (error) {
      forget(state);
      failures += 1;
      if (failures === 1)
        settings.log.warn({ error, partition: settings.partition }, "Publishing stopped; reading the outbox again");
      await settings.wait(backoffDelayMs(BACKOFF, failures, settings.random), signal).catch(() => undefined);
    }
  }
}

interface Position {
  readonly through: bigint;
  readonly signal: AbortSignal;
}

/** Ends with nothing left behind; rows committed after the last read are in the queue, because offers go on. */
async function catchUp(settings: OutboxPublisherSettings, state: State, from: Position): Promise<bigint> {
  let { through } = from;
  while (!from.signal.aborted) {
    state.isBehind = false;
    const rows = await settings.readBehind(through, SEND_LIMIT);
    if (rows.length > 0) through = await send(settings, rows);
    if (rows.length < SEND_LIMIT && !state.isBehind) return through;
  }
  return through;
}

async function publishQueue(settings: OutboxPublisherSettings, state: State, from: Position): Promise<bigint> {
  let { through } = from;
  // What was forgotten meanwhile comes before what was offered since.
  while (state.queue.length > 0 && !state.isBehind && !from.signal.aborted) {
    const published = through;
    const messages = state.queue.splice(0, SEND_LIMIT).filter(({ outboxId }) => outboxId > published);
    if (messages.length > 0) through = await send(settings, messages);
  }
  return through;
}

async function send(settings: OutboxPublisherSettings, messages: readonly OutgoingMessage[]): Promise<bigint> {
  await settings.publish(messages);
  const through = messages.at(-1)?.outboxId ?? 0n;
  settings.published(through);
  return through;
}

async function untilWoken(state: State, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  state.wake = resolve;
  if (!signal.aborted && state.queue.length === 0 && !state.isBehind) await promise;
  state.wake = null;
}
