import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** The command line of a living process, words separated by blanks; undefined when there is no such process. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const raw = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
    // A process that has ended but was not waited for has an empty command line: it is as good as gone.
    return raw === undefined || raw === "" ? undefined : raw.replaceAll("\0", " ").trim();
  }
  const { stdout } = await promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).catch(() => ({
    stdout: "",
  }));
  return stdout.trim() === "" ? undefined : stdout.trim();
}

/** True while a process runs, whoever's it is. One that has ended but was not waited for does not run. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await commandLine(pid)) !== undefined;
}

/** Waits until none of them is left, or the time is over. */
export async function areGone(pids: readonly number[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while ((await Promise.all(pids.map(isRunning))).includes(true)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** Sends a signal; a process that is gone needs none. Throws when the signal may not be sent. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** All living descendants of a process, parents before children. Empty when there are none. */
export async function descendants(pid: number): Promise<readonly number[]> {
  const children = Map.groupBy(await processes(), (one) => one.parent);
  const found: number[] = [];
  const next = [pid];
  for (let current = next.shift(); current !== undefined; current = next.shift()) {
    const own = (children.get(current) ?? []).map((one) => one.pid);
    found.push(...own);
    next.push(...own);
  }
  return found;
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
}

async function processes(): Promise<readonly ProcessRow[]> {
  if (process.platform !== "linux") {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
    return stdout.trim().split("\n").map(toRow);
  }
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  // "pid (name, which may contain blanks and brackets) state parent …"
  return texts
    .filter((text) => text !== "")
    .map((text) => {
      const afterName = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return { pid: Number.parseInt(text, 10), parent: Number(afterName[1]) };
    });
}

function toRow(line: string): ProcessRow {
  const [pid, parent] = line.trim().split(/\s+/);
  return { pid: Number(pid), parent: Number(parent) };
}
