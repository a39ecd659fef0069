import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { forgetProcess, parseRemembered, type RememberedProcess, recallProcess } from "./pid-file.ts";
import { areGone, descendants, signalProcess } from "./process-table.ts";
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
  const leftovers = await recallAll(dir);
  for (const leftover of leftovers) {
    progress.say(`${leftover.name} (process ${leftover.pid}) was left over from an earlier start: stopping it`);
    const family = [leftover.pid, ...(await descendants(leftover.pid))];
    signalOrRefuse(leftover.name, leftover.pid, leftover.stopSignal);
    if (!(await areGone(family, POLITE_MS))) await kill(leftover);
  }
  await forgetAll(dir);
  return leftovers.length;
}

/** The processes of a stack's folder by their pid files, without a look at what runs: for a process that is exiting. */
export function rememberedProcesses(dir: string): readonly RememberedProcess[] {
  if (!existsSync(pidFolder(dir))) return [];
  const files = readdirSync(pidFolder(dir)).map((entry) => join(pidFolder(dir), entry));
  return files.map((file) => parseRemembered(readFileSync(file, "utf8"))).filter((one) => one !== undefined);
}

/** Ends all processes of a stack's folder at once, as a power cut would. Refuses with a StackError when it cannot. */
export async function killLeftovers(dir: string, progress: Pick<Progress, "say">): Promise<void> {
  const leftovers = await recallAll(dir);
  progress.say(`killing ${leftovers.map(({ name, pid }) => `${name} (process ${pid})`).join(", ") || "nothing"}`);
  await Promise.all(leftovers.map(kill));
  await forgetAll(dir);
}

interface Leftover extends RememberedProcess {
  readonly name: string;
}

async function recallAll(dir: string): Promise<readonly Leftover[]> {
  const all = await Promise.all(
    (await names(dir)).map(async (name) => ({ name, remembered: await recallProcess(pidFile(dir, name)) })),
  );
  return all
    .flatMap(({ name, remembered }) => (remembered === undefined ? [] : [{ name, ...remembered }]))
    .toSorted((a, b) => STOP_ORDER.indexOf(a.name) - STOP_ORDER.indexOf(b.name));
}

async function forgetAll(dir: string): Promise<void> {
  await Promise.all((await names(dir)).map((name) => forgetProcess(pidFile(dir, name))));
}

async function names(dir: string): Promise<readonly string[]> {
  const entries = await readdir(pidFolder(dir)).catch(() => []);
  return entries.filter((entry) => entry.endsWith(ENDING)).map((entry) => basename(entry, ENDING));
}

async function kill({ name, pid }: Leftover): Promise<void> {
  const family = [pid, ...(await descendants(pid))];
  for (const one of family) signalOrRefuse(name, one, "SIGKILL");
  if (!(await areGone(family, KILLED_MS))) throw new StackError(`${name} (process ${pid}) does not end.`);
}

function signalOrRefuse(name: string, pid: number, signal: NodeJS.Signals): void {
  try {
    signalProcess(pid, signal);
  } catch (error) {
    const message = `${name} (process ${pid}) was left over from an earlier start and may not be stopped by this user.`;
    throw new StackError(message, { cause: error });
  }
}
