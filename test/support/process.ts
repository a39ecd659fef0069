import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A process of ours that a test runs, stops and kills. */
export interface RunningProcess {
  readonly pid: number;
  /** Its log lines so far. */
  readonly output: () => string;
  /** Asks it to stop and gives its exit code. */
  readonly stop: () => Promise<number | null>;
  /** kill -9; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exited: Promise<number | null>;
}

export interface ProcessSettings {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly readyUrl: string;
}

const ROOT = join(import.meta.dirname, "..", "..");
const READY_WITHIN_MS = 60_000;

/** Starts a TypeScript entry on this Node and waits until it says that it is ready; throws with its log when it ends. */
export async function spawnProcess({ args, environment, readyUrl }: ProcessSettings): Promise<RunningProcess> {
  const child = spawn(process.execPath, [...args], { cwd: ROOT, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  const output = () => chunks.join("");
  const exited = once(child, "exit").then(([code]) => code as number | null);
  await untilReady({ child, readyUrl, output });
  return {
    pid: child.pid ?? -1,
    output,
    exited,
    signal: (signal) => void child.kill(signal),
    async stop() {
      child.kill("SIGTERM");
      return exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

interface Starting {
  readonly child: ChildProcess;
  readonly readyUrl: string;
  readonly output: () => string;
}

async function untilReady({ child, readyUrl, output }: Starting): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the process ended with code ${child.exitCode}:\n${output()}`);
    const answer = await fetch(readyUrl).catch(() => null);
    const text = answer === null ? "no answer" : await answer.text();
    if (answer?.status === 200) return;
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`not ready within ${READY_WITHIN_MS} ms: ${text}\n${output()}`);
    }
    await wait(50);
  }
}
