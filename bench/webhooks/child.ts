import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { productArguments } from "../../stack/product-arguments.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const NODE_ARGUMENTS = ["--disable-warning=TimeoutNegativeWarning"];

/** A process of a benchmark. It ends with the benchmark: its standard input closes then. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<number | null>;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** A child that speaks JSON, a value per line of its standard output. */
export interface SpeakingChild extends Child {
  /** The next line it prints; rejects when it ends before. */
  readonly next: () => Promise<unknown>;
}

/** Starts one of the benchmark's own programs; what it writes to standard error is shown. */
export function startSpeaking(script: string, ...given: readonly string[]): SpeakingChild {
  const child = spawn(process.execPath, [...NODE_ARGUMENTS, join(ROOT, script), ...given], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ...toChild(child),
    next: async () => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended`);
      return JSON.parse(value);
    },
  };
}

export interface ProductCommand {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its log lines go; a file that grows over several starts. */
  readonly logFile: string;
  readonly readyUrl: string;
}

const READY_WITHIN_MS = 90_000;

/** Starts a process of the product and waits until it says that it is ready. */
export async function startProduct(command: ProductCommand): Promise<Child> {
  const child = launchProduct(command);
  let isOver = false;
  void child.exited.then(() => {
    isOver = true;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(command.readyUrl))) {
    if (isOver || Date.now() > deadline) {
      child.signal("SIGKILL");
      throw new Error(`${command.args.join(" ")} did not become ready: see ${command.logFile}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return child;
}

/** Starts a process of the product and does not wait. */
export function launchProduct({ args, environment, logFile }: ProductCommand): Child {
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, [...productArguments(args[0] ?? ""), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const killed = () => child.kill("SIGKILL");
  process.once("exit", killed);
  child.once("exit", () => process.off("exit", killed));
  return toChild(child);
}

async function isReady(readyUrl: string): Promise<boolean> {
  const answer = await fetch(readyUrl).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}

function toChild(child: ChildProcess): Child {
  const exited = once(child, "exit").then(([code]) => code as number | null);
  return { pid: child.pid ?? -1, exited, signal: (signal) => void child.kill(signal) };
}
