import { killLeftovers } from "../stack/leftovers.ts";
import { createProgress, type Progress } from "../stack/progress.ts";
import { StackError } from "../stack/stack-error.ts";
import { claimFolder } from "./stack-claim.ts";
import { loadStackSettings, type StackSettings } from "./stack-settings.ts";

/** Something that is up: it ends when it is stopped, or by itself, with one sentence for why. */
export interface Running {
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** What a start script is given. */
export interface StartContext {
  readonly settings: StackSettings;
  readonly progress: Progress;
  /** Aborted by the first signal to stop. */
  readonly signal: AbortSignal;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The life of a start script: start, wait for a signal (Ctrl-C) or for something to break, stop, exit. A second signal
 * kills everything at once. Exit code 0 after a signal and a clean stop, else 1; a known problem prints one sentence.
 */
export async function runUntilStopped(start: (context: StartContext) => Promise<Running>): Promise<void> {
  const progress = createProgress({ print: (line) => console.log(line) });
  // A terminal that was closed takes no more lines: stopping goes on without it.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    const settings = loadStackSettings();
    const release = await claimFolder(settings.dir);
    try {
      await liveAndStop({ settings, progress, signal: stopSignal(settings, progress) }, start);
    } finally {
      await release();
    }
  } catch (error) {
    console.error(error instanceof StackError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
  progress.close();
  // Whatever is still open, such as a socket of a database client, must not keep a stopped start alive.
  process.exit();
}

async function liveAndStop(context: StartContext, start: (context: StartContext) => Promise<Running>): Promise<void> {
  const running = await start(context).catch((error: unknown) => {
    // Who pressed Ctrl-C knows why it did not start.
    if (context.signal.aborted && error instanceof StackError) return undefined;
    throw error;
  });
  if (running === undefined) return context.progress.say("stopped before everything was up");
  // Signals alone do not keep Node alive, and with a stack that somebody else runs there may be nothing else.
  const staying = setInterval(() => undefined, 60_000);
  const broken = await Promise.race([aborted(context.signal), running.broken]).finally(() => clearInterval(staying));
  if (broken !== undefined) console.error(`\n${broken}\n`);
  await running.stop();
  context.progress.say("everything is stopped");
  if (broken !== undefined) process.exitCode = 1;
}

function stopSignal(settings: StackSettings, progress: Progress): AbortSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) return void killEverything(settings, progress);
    progress.say("stopping; once more to kill everything at once");
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return controller.signal;
}

async function killEverything({ dir }: StackSettings, progress: Progress): Promise<void> {
  await killLeftovers(dir, progress).catch((error: unknown) => console.error(String(error)));
  process.exit(1);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
