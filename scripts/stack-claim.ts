import { join } from "node:path";
import { makeStackFolder } from "../stack/folders.ts";
import { forgetProcess, type RememberedProcess, recallProcess, rememberProcess } from "../stack/pid-file.ts";
import { commandLine } from "../stack/process-table.ts";
import { StackError } from "../stack/stack-error.ts";

/** The start script that runs a stack's folder at the moment, if any. */
export function runningStart(dir: string): Promise<RememberedProcess | undefined> {
  return recallProcess(claimFile(dir));
}

/**
 * Takes a stack's folder for this process, so that a second start says so instead of disturbing the first. Refuses with
 * a StackError when a living start has it. Gives back a function that frees it.
 */
export async function claimFolder(dir: string): Promise<() => Promise<void>> {
  const other = await runningStart(dir);
  if (other !== undefined) {
    throw new StackError(`It is running already, as process ${other.pid}: "npm run stack:stop" stops it.`);
  }
  await makeStackFolder(dir);
  const marker = (await commandLine(process.pid)) ?? "node";
  await rememberProcess(claimFile(dir), { pid: process.pid, marker, stopSignal: "SIGTERM" });
  return () => forgetProcess(claimFile(dir));
}

function claimFile(dir: string): string {
  return join(dir, "start.pid");
}
