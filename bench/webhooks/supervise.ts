import { type Child, launchProduct, type ProductCommand } from "./child.ts";

/** A process that is started again whenever it ends, as a supervisor does. */
export interface Supervised {
  /** Where it listens, without a path. */
  readonly url: string;
  readonly pid: () => number;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** How often it has ended by itself, without being killed here. */
  readonly ownEnds: () => number;
  /** Resolves when it says that it is ready. */
  readonly ready: () => Promise<void>;
  /** Asks it to stop, and does not start it again. */
  readonly stop: () => Promise<void>;
}

const PAUSE_MS = 50;
const STOP_WITHIN_MS = 20_000;

/** Starts a process of the product and looks after it. */
export function supervise(command: ProductCommand): Supervised {
  let isStopping = false;
  let isKilled = false;
  let ownEnds = 0;
  let current: Child = launchProduct(command);
  const watch = async (): Promise<void> => {
    for (;;) {
      await current.exited;
      if (isStopping) return;
      if (!isKilled) ownEnds += 1;
      isKilled = false;
      await pause();
      current = launchProduct(command);
    }
  };
  const watching = watch();
  return {
    url: new URL(command.readyUrl).origin,
    pid: () => current.pid,
    signal: (signal) => {
      isKilled ||= signal === "SIGKILL";
      current.signal(signal);
    },
    ownEnds: () => ownEnds,
    ready: async () => {
      while (!(await answersReady(command.readyUrl))) await pause();
    },
    stop: async () => {
      isStopping = true;
      current.signal("SIGCONT");
      current.signal("SIGTERM");
      const timer = setTimeout(() => current.signal("SIGKILL"), STOP_WITHIN_MS);
      await watching;
      clearTimeout(timer);
    },
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

async function answersReady(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}
