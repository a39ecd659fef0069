import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { forgetProcess, type RememberedProcess, recallProcess } from "./pid-file.ts";
import { descendants, isAlive } from "./process-table.ts";
import type { Progress } from "./progress.ts";
import { StackError } from "./stack-error.ts";

const ENDING = ".pid";
/** What depends on others ends first. Names that are not listed here end before all of these. */
const STOP_ORDER = ["gateway", "consumers", "registry", "kafka", "redis", "postgres"];
const POLITE_MS = 10_000;
const KILLED_MS = 5_000;

/** Where the pid files of a stack lie. */
export function pidFolder(dir: string): string {
  return join(dir, "pids");
}

/** The pid file of one service of a stack. */
export function pidFile(dir: string, name: string): string {
  return join(pidFolder(dir), `${name}${ENDING}`);
}

/**
 * Ends the processes that a killed start left behind in a stack's folder, one after the other in stop order, and says
 * so. A pid that now belongs to somebody else is left alone. Refuses with a StackError when one of them cannot be ended.
 */
export async function stopLeftovers(dir: string, progress: Pick<Progress, "say">): Promise<number> {
  const entries = await readdir(pidFolder(dir)).catch(() => []);
  const names = entries.filter((entry) => entry.endsWith(ENDING)).map((entry) => basename(entry, ENDING));
  let stopped = 0;
  for (const name of names.toSorted((a, b) => STOP_ORDER.indexOf(a) - STOP_ORDER.indexOf(b))) {
    const file = pidFile(dir, name);
    const leftover = await recallProcess(file);
    if (leftover !== undefined) {
      progress.say(`${name} (process ${leftover.pid}) was left over from an earlier start: stopping it`);
      await end(name, leftover);
      stopped += 1;
    }
    await forgetProcess(file);
  }
  return stopped;
}

async function end(name: string, { pid, stopSignal }: RememberedProcess): Promise<void> {
  const family = [pid, ...(await descendants(pid))];
  signalOrRefuse({ name, pid, signal: stopSignal });
  if (await areGone(family, POLITE_MS)) return;
  for (const one of family) signalOrRefuse({ name, pid: one, signal: "SIGKILL" });
  if (await areGone(family, KILLED_MS)) return;
  throw new StackError(`${name} (process ${pid}), left over from an earlier start, does not end.`);
}

function signalOrRefuse({ name, pid, signal }: { name: string; pid: number; signal: NodeJS.Signals }): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isAlive(pid)) return;
    const message = `${name} (process ${pid}) was left over from an earlier start and may not be stopped by this user.`;
    throw new StackError(message, { cause: error });
  }
}

async function areGone(pids: readonly number[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
