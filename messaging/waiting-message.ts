import type { Message } from "kafkajs";

/** An encoded message on its way. */
export interface Outgoing {
  /** As Kafka has it. */
  readonly topic: string;
  readonly message: Message;
  /** What it takes in a request, a little more rather than less. */
  readonly bytes: number;
}

/**
 * A message that waits for its acknowledgement, until it has it, or is told that it will not come. There are thousands of
 * them a second: so no promise and no timer for each.
 */
export class WaitingMessage implements Outgoing {
  readonly topic: string;
  readonly message: Message;
  readonly bytes: number;
  /** True from the moment on which bytes of it may have reached a broker. */
  mayBeSent = false;
  /** What was told instead of an acknowledgement. */
  error: Error | null = null;
  #isSettled = false;
  readonly #listeners: (() => void)[] = [];

  constructor({ topic, message, bytes }: Outgoing) {
    this.topic = topic;
    this.message = message;
    this.bytes = bytes;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  acknowledge(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    for (const tell of this.#listeners) tell();
  }

  fail(error: Error): void {
    if (!this.#isSettled) this.error = error;
    this.acknowledge();
  }

  /** Calls back once it is settled, at once when it is already. */
  whenSettled(tell: () => void): void {
    if (this.#isSettled) tell();
    else this.#listeners.push(tell);
  }
}

/** Resolves when every one of them is settled. Never rejects. */
export function allSettled(messages: readonly WaitingMessage[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let open = messages.length;
  const settled = () => {
    open -= 1;
    if (open === 0) resolve();
  };
  for (const message of messages) message.whenSettled(settled);
  if (messages.length === 0) resolve();
  return promise;
}

/**
 * Resolves when every one of them is acknowledged; rejects, once all are settled, with the error of the first that is not.
 * After `timeoutMs` `onTimeout` is told of those that still wait, and has to fail them.
 */
export async function allAcknowledged(
  messages: readonly WaitingMessage[],
  timeoutMs: number,
  onTimeout: (late: readonly WaitingMessage[]) => void,
): Promise<void> {
  const timer = setTimeout(() => onTimeout(messages.filter(({ isSettled }) => !isSettled)), timeoutMs);
  await allSettled(messages);
  clearTimeout(timer);
  const failed = messages.find(({ error }) => error !== null);
  if (failed?.error) throw failed.error;
}
