/** The partition may belong to another member by now, so what follows is not worth doing. */
export class AssignmentLost extends Error {
  constructor(options?: ErrorOptions) {
    super("The assignment was lost", options);
    this.name = "AssignmentLost";
  }
}

/** Keeps a member alive while a batch takes its time. */
export interface Heartbeats {
  /** One now. @throws AssignmentLost when it, or one before it, failed. */
  readonly beat: () => Promise<void>;
  /** kafkajs's error, once a heartbeat has failed: to be rethrown to kafkajs, so that the member joins again. */
  readonly failure: () => { readonly error: unknown } | undefined;
  /** Resolves with the first failure. */
  readonly failed: Promise<void>;
  readonly stop: () => void;
}

/** Beats every `everyMs` until stop() or the first failure, however long the work between takes. */
export function startHeartbeats(send: () => Promise<void>, everyMs: number): Heartbeats {
  const { promise: failed, resolve: fail } = Promise.withResolvers<void>();
  let failure: { readonly error: unknown } | undefined;
  const beat = async (): Promise<void> => {
    if (failure === undefined) {
      try {
        await send();
      } catch (error) {
        failure = { error };
        fail();
        clearInterval(timer);
      }
    }
    if (failure !== undefined) throw new AssignmentLost({ cause: failure.error });
  };
  // Its failure is remembered; whoever works on the batch hears of it.
  const timer = setInterval(() => void beat().catch(() => undefined), everyMs);
  return { beat, failed, failure: () => failure, stop: () => clearInterval(timer) };
}
