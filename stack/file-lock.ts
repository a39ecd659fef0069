import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { isRunning } from "./process-table.ts";
import { StackError } from "./stack-error.ts";

const LOOK_EVERY_MS = 200;

/**
 * Runs an action while no other process of this machine runs one under the same lock file. A lock whose owner is gone is
 * taken over. Two processes that take over at the same moment may both run: what they do must bear that.
 */
export async function withFileLock(
  file: string,
  signal: AbortSignal | undefined,
  action: () => Promise<void>,
): Promise<void> {
  while (!(await take(file))) {
    if (signal?.aborted === true) throw new StackError(`Stopped while waiting for ${file}.`);
    if (!(await hasLivingOwner(file))) await rm(file, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  try {
    await action();
  } finally {
    await rm(file, { force: true });
  }
}

/** The lock appears with its owner in it: one that was still empty would look like one whose owner is gone. */
async function take(file: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function hasLivingOwner(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, "utf8").catch(() => ""));
  return Number.isInteger(owner) && owner > 0 && (await isRunning(owner));
}
