import type { Message } from "kafkajs";

/** An encoded message on its way. */
export interface Outgoing {
  /** As Kafka has it. */
  readonly topic: string;
  readonly message: Message;
  /** What it takes in a request, a little more rather than less. */
  readonly bytes: number;
}

/** A message that waits for its acknowledgement, until it has it, or its time is up. */
export interface WaitingMessage extends Outgoing {
  /** Resolves with the acknowledgement, rejects with what was told instead. */
  readonly acknowledged: Promise<void>;
  readonly isSettled: () => boolean;
  /** True from the moment on which bytes of it may have reached a broker. */
  readonly mayBeSent: () => boolean;
  readonly markSent: (mayBeSent: boolean) => void;
  readonly acknowledge: () => void;
  readonly fail: (error: Error) => void;
}

/** Begins to wait; `onTimeout` is called after `timeoutMs` unless it was settled before. */
export function createWaitingMessage(
  outgoing: Outgoing,
  timeoutMs: number,
  onTimeout: (message: WaitingMessage) => void,
): WaitingMessage {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isSettled = false;
  let mayBeSent = false;
  const settle = (tell: () => void) => {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(timer);
    tell();
  };
  const waiting: WaitingMessage = {
    ...outgoing,
    acknowledged: promise,
    isSettled: () => isSettled,
    mayBeSent: () => mayBeSent,
    markSent: (value) => {
      mayBeSent = value;
    },
    acknowledge: () => settle(resolve),
    fail: (error) => settle(() => reject(error)),
  };
  const timer = setTimeout(onTimeout, timeoutMs, waiting);
  return waiting;
}
