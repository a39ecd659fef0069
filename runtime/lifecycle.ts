import type { Log } from "./log.ts";

/** Something that is started and stopped: a server, a consumer, a pool. */
export interface Part {
  readonly name: string;
  readonly start?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
}

/** In the order in which they start; those of an inner list stop at the same time. */
export type Parts = readonly (Part | readonly Part[])[];

export interface LifecycleSettings {
  /** All parts together may take so long to stop; after that the rest is told to stop and not waited for. */
  readonly stopTimeoutMs: number;
  readonly log: Log;
}

export interface Lifecycle {
  /** Starts the parts in order. When one fails, those before it are stopped again and LifecycleError is thrown. */
  readonly start: () => Promise<void>;
  /** Stops what was started, last first, those of an inner list together. Every part gets its turn; all errors come together in one LifecycleError. */
  readonly stop: () => Promise<void>;
}

/** Parts that did not start or stop; `errors` has one error per part, each naming its part and its cause. */
export class LifecycleError extends AggregateError {
  constructor(errors: readonly Error[], options?: ErrorOptions) {
    super(errors, errors.map((error) => error.message).join("; "), options);
    this.name = "LifecycleError";
  }
}

/**
 * Starts parts in order and stops them in reverse. Both calls may be repeated and give the same promise; a stop during
 * a start lets the part that is starting finish, starts no further one, and makes the start fail.
 */
export function createLifecycle(parts: Parts, settings: LifecycleSettings): Lifecycle {
  const started: Part[][] = [];
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const startAll = async () => {
    for (const given of parts) {
      const group: Part[] = [];
      started.push(group);
      for (const part of "name" in given ? [given] : given) {
        if (stopping) throw new LifecycleError([new Error(`${part.name} was not started: the process is stopping`)]);
        await startPart(part);
        group.push(part);
        settings.log.info({ part: part.name }, "started");
      }
    }
  };
  const startOrRollBack = async () => {
    try {
      await startAll();
    } catch (error) {
      if (stopping) throw error;
      const errors = await stopInReverse(started, settings);
      throw errors.length === 0 ? error : new LifecycleError([error as Error, ...errors]);
    }
  };
  const stopAll = async () => {
    const errors = await stopInReverse(started, settings, starting);
    if (errors.length > 0) throw new LifecycleError(errors);
  };

  return {
    start: () => {
      starting ??= startOrRollBack();
      return starting;
    },
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/** The little of `process` that signals need. */
export interface SignalSource {
  readonly on: (signal: "SIGTERM" | "SIGINT", listener: () => void) => unknown;
  readonly off: (signal: "SIGTERM" | "SIGINT", listener: () => void) => unknown;
  readonly exit: (code: number) => void;
}

/**
 * SIGTERM and SIGINT stop the lifecycle and end the process: code 0 after a clean stop, 1 otherwise. A second signal
 * ends it at once with code 1. Gives back a function that takes the listeners away again.
 */
export function stopOnSignal(lifecycle: Lifecycle, log: Log, source: SignalSource = process): () => void {
  let signals = 0;
  const listener = () => {
    signals += 1;
    if (signals > 1) return source.exit(1);
    log.info("stopping");
    lifecycle.stop().then(
      () => source.exit(0),
      (error: unknown) => {
        log.error({ error }, "did not stop cleanly");
        source.exit(1);
      },
    );
  };
  source.on("SIGTERM", listener);
  source.on("SIGINT", listener);
  return () => {
    source.off("SIGTERM", listener);
    source.off("SIGINT", listener);
  };
}

async function startPart(part: Part): Promise<void> {
  try {
    await part.start?.();
  } catch (cause) {
    throw new LifecycleError([new Error(`${part.name} did not start`, { cause })], { cause });
  }
}

/** Empties the list, so that a part is stopped once however often this is called. */
async function stopInReverse(
  started: Part[][],
  { stopTimeoutMs, log }: LifecycleSettings,
  starting: Promise<void> = Promise.resolve(),
): Promise<Error[]> {
  const errors: Error[] = [];
  const deadline = after(stopTimeoutMs);
  // How the start ended is told to whoever called start().
  await Promise.race([starting.catch(() => undefined), deadline.reached]);
  const stopOne = async (part: Part): Promise<void> => {
    try {
      const isStopped = await Promise.race([stopPart(part), deadline.reached]);
      if (!isStopped) throw new Error(`not within ${stopTimeoutMs} ms`);
      log.info({ part: part.name }, "stopped");
    } catch (cause) {
      errors.push(new Error(`${part.name} did not stop`, { cause }));
    }
  };
  for (let group = started.pop(); group; group = started.pop()) await Promise.all(group.map(stopOne));
  deadline.clear();
  return errors;
}

async function stopPart(part: Part): Promise<true> {
  await part.stop?.();
  return true;
}

function after(milliseconds: number): { readonly reached: Promise<false>; readonly clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  return { reached: promise, clear: () => clearTimeout(timer) };
}
