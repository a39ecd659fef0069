import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { commandLine } from "./process-table.ts";

const LISTENING = "0A";
const UNKNOWN = "another process";

/**
 * Words for whoever listens on a local TCP port, such as `process 4711 (redis-server *:6379)`; undefined when it is
 * certain that nobody does. Never throws.
 */
export async function describeListener(port: number): Promise<string | undefined> {
  const inodes = await inodesFromProc(port);
  if (inodes?.size === 0) return undefined;
  const pid = (inodes === undefined ? undefined : await pidFromProc(inodes)) ?? (await pidFromLsof(port));
  if (pid === undefined) return UNKNOWN;
  const command = (await commandLine(pid)) ?? "";
  return command === "" ? `process ${pid}` : `process ${pid} (${shortened(command)})`;
}

/** The sockets that listen on a port; undefined where the kernel does not tell. */
async function inodesFromProc(port: number): Promise<ReadonlySet<string> | undefined> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((table) => readFile(table, "utf8").catch(() => undefined)),
  );
  if (tables[0] === undefined) return undefined;
  return new Set(tables.flatMap((table) => listeningInodes(table ?? "", port)));
}

async function pidFromProc(inodes: ReadonlySet<string>): Promise<number | undefined> {
  for (const entry of await readdir("/proc").catch(() => [])) {
    if (/^\d+$/.test(entry) && (await ownsOneOf(entry, inodes))) return Number(entry);
  }
  return undefined;
}

/** The socket inodes that listen on a port, from the text of /proc/net/tcp: columns 2 (address:port), 4 (state), 10 (inode). */
export function listeningInodes(table: string, port: number): readonly string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(wanted) === true && columns[3] === LISTENING)
    .flatMap((columns) => columns[9] ?? []);
}

async function ownsOneOf(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const descriptor of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${descriptor}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

async function pidFromLsof(port: number): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-t"]).catch(() => ({
    stdout: "",
  }));
  const pid = Number.parseInt(stdout, 10);
  return Number.isNaN(pid) ? undefined : pid;
}

function shortened(command: string): string {
  return command.length > 80 ? `${command.slice(0, 77)}...` : command;
}
