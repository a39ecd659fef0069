import { chown, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StackError } from "./stack-error.ts";

/** A user of this machine by number. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const EXECUTE = 0o1;
const ROOT = 0;

/** Where a service of a stack keeps its files. */
export function serviceFolder(dir: string, name: string): string {
  return join(dir, name);
}

/** Where a service of a stack writes its log. */
export function logFile(dir: string, name: string): string {
  return join(dir, "logs", `${name}.log`);
}

/** Makes a folder, for its owner only, with all folders above it. Refuses with a StackError that says why it cannot. */
export async function makeFolder(folder: string, owner?: UserIds): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  } catch (error) {
    throw new StackError(`The folder ${folder} cannot be made or written: ${String(error)}.`, { cause: error });
  }
}

/**
 * Makes the folder of a stack. It may be entered by everybody, because Postgres may run as somebody else; what is in it
 * is for its owner only. Refuses with a StackError when it cannot be made or belongs to another user.
 */
export async function makeStackFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    throw new StackError(`The folder ${dir} cannot be made: ${String(error)}.`, { cause: error });
  }
  const { uid } = await stat(dir);
  const own = process.getuid?.() ?? uid;
  if (uid === own) return;
  throw new StackError(
    `${dir} belongs to another user (number ${uid}, this is ${own}): start as that user or delete it.`,
  );
}

/** True when a user may step into a folder and every folder above it. */
export async function mayEnter(user: UserIds, folder: string): Promise<boolean> {
  for (let current = folder; ; current = dirname(current)) {
    const found = await stat(current).catch(() => undefined);
    if (found !== undefined && !allows(user, found)) return false;
    if (current === dirname(current)) return true;
  }
}

/** True when the process runs as the administrator, which Postgres refuses to run as. */
export function isRoot(): boolean {
  return process.getuid?.() === ROOT;
}

function allows(user: UserIds, folder: { readonly mode: number; readonly uid: number; readonly gid: number }): boolean {
  if (folder.uid === user.uid) return (folder.mode & (EXECUTE << 6)) !== 0;
  if (folder.gid === user.gid) return (folder.mode & (EXECUTE << 3)) !== 0;
  return (folder.mode & EXECUTE) !== 0;
}
