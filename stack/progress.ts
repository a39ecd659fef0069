/** Tells the person at the terminal what is going on. Safe to call from several tasks at once. */
export interface Progress {
  /** Prints one sentence with the time since the start. */
  say(sentence: string): void;
  /** Names something being waited for until the returned function is called; it is repeated while it lasts. */
  waitFor(what: string): () => void;
  /** Stops the repeated lines, so that the process can end. */
  close(): void;
}

/** What a progress prints to and how often it repeats what is being waited for (default 5,000 ms). */
export interface ProgressOptions {
  readonly print: (line: string) => void;
  readonly repeatMs?: number;
}

/** A progress whose lines start with the elapsed time, e.g. `   3.2 s  kafka is ready on port 59092`. */
export function createProgress({ print, repeatMs = 5_000 }: ProgressOptions): Progress {
  const startedAt = performance.now();
  const waiting = new Map<symbol, { readonly what: string; readonly since: number }>();
  const line = (sentence: string) => print(`${seconds(performance.now() - startedAt).padStart(8)}  ${sentence}`);
  const timer = setInterval(() => {
    if (waiting.size > 0) line(`waiting for ${describeAll([...waiting.values()])}`);
  }, repeatMs);
  timer.unref();
  return {
    say: line,
    waitFor(what) {
      const key = Symbol(what);
      waiting.set(key, { what, since: performance.now() });
      return () => void waiting.delete(key);
    },
    close: () => clearInterval(timer),
  };
}

/** A progress that prints nothing, for tests. */
export function silentProgress(): Progress {
  return { say: () => undefined, waitFor: () => () => undefined, close: () => undefined };
}

function describeAll(waiting: readonly { readonly what: string; readonly since: number }[]): string {
  return waiting.map(({ what, since }) => `${what} (${seconds(performance.now() - since)})`).join(", ");
}

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1_000).toFixed(1)} s`;
}
