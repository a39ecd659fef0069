import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { commandLine } from "./process-table.ts";

/** A process of ours as its pid file names it. */
export interface RememberedProcess {
  readonly pid: number;
  /** A part of its command line by which it is told from a stranger that was given the same pid later. */
  readonly marker: string;
  /** What it understands as "end in good order". */
  readonly stopSignal: NodeJS.Signals;
}

/** Writes the pid file of a process that has just been started. */
export async function rememberProcess(file: string, remembered: RememberedProcess): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(remembered)}\n`);
}

/** Removes a pid file. No file is no error. */
export async function forgetProcess(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** The process a pid file names, when it is still alive and its command line says that it is ours. */
export async function recallProcess(file: string): Promise<RememberedProcess | undefined> {
  const remembered = parseRemembered(await readFile(file, "utf8").catch(() => ""));
  if (remembered === undefined) return undefined;
  const command = await commandLine(remembered.pid);
  return command?.includes(remembered.marker) === true ? remembered : undefined;
}

/** What the text of a pid file says; undefined when it is torn or means nothing. */
export function parseRemembered(text: string): RememberedProcess | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A torn file, from a machine that lost power while it was written, names no process.
    return undefined;
  }
  return isRemembered(value) ? value : undefined;
}

function isRemembered(value: unknown): value is RememberedProcess {
  if (typeof value !== "object" || value === null) return false;
  const { pid, marker, stopSignal } = value as Partial<Record<keyof RememberedProcess, unknown>>;
  const isPid = typeof pid === "number" && Number.isInteger(pid) && pid > 1;
  return isPid && typeof marker === "string" && marker !== "" && (stopSignal === "SIGTERM" || stopSignal === "SIGINT");
}
