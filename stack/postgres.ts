import { execFile } from "node:child_process";
import { chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { logFile, makeFolder } from "./folders.ts";
import { pidFile } from "./leftovers.ts";
import { findPostgresHome, type PostgresHome } from "./postgres-home.ts";
import { type Service, startService } from "./service-process.ts";
import { StackError } from "./stack-error.ts";

/** What starts a Postgres: the stack's folder, the port at 127.0.0.1 and the databases to make the first time. */
export interface PostgresOptions {
  readonly dir: string;
  readonly port: number;
  readonly databases?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** A running Postgres. */
export interface PostgresService extends Service {
  /** The address of one of its databases. */
  url(database: string): string;
}

const MAJOR_VERSION = "18";
/** The server listens at 127.0.0.1 only and holds made-up data, so the password is no secret. */
const USER = "m2m";
const PASSWORD = "m2m";

/**
 * Starts the Postgres that npm brought, on data in `<dir>/postgres` that survives a restart, durable (fsync on). As
 * root it runs as another user, in a folder that user may enter. Refuses with a StackError.
 */
export async function startPostgres({
  dir,
  port,
  databases = ["m2m"],
  signal,
}: PostgresOptions): Promise<PostgresService> {
  const home = await findPostgresHome(dir);
  await prepare(home, databases);
  const service = await startService({
    name: "postgres",
    port,
    executable: home.executable("postgres"),
    arguments: ["-D", home.dataFolder, ...settings(home, port)],
    environment: ENVIRONMENT,
    workingFolder: home.dataFolder,
    runAs: home.runAs,
    log: logFile(dir, "postgres"),
    pidFile: pidFile(dir, "postgres"),
    marker: `-D ${home.dataFolder}`,
    stopSignal: "SIGINT", // "fast": ends the sessions, writes everything, ends
    stopWithinMs: 20_000,
    readyWithinMs: 60_000,
    isReady: (pid) => saysReady(home.dataFolder, pid),
    signal,
  });
  return { ...service, url: (database) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}` };
}

async function prepare(home: PostgresHome, databases: readonly string[]): Promise<void> {
  await makeFolder(home.folder, home.runAs);
  const version = await readFile(join(home.dataFolder, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version === undefined) return create(home, databases);
  if (version.trim() !== MAJOR_VERSION) {
    const sentence = `${home.dataFolder} holds data of Postgres ${version.trim()}, this is Postgres ${MAJOR_VERSION}`;
    throw new StackError(`${sentence}: "npm run stack:reset" deletes it.`);
  }
}

/** Made aside and renamed, so that an interrupted start leaves nothing that looks finished. */
async function create(home: PostgresHome, databases: readonly string[]): Promise<void> {
  const making = join(home.folder, "making");
  const passwordFile = join(home.folder, "password");
  await rm(making, { recursive: true, force: true });
  await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  if (home.runAs !== undefined) await chown(passwordFile, home.runAs.uid, home.runAs.gid);
  await run(home, {
    program: "initdb",
    arguments: [`--pgdata=${making}`, `--pwfile=${passwordFile}`, ...INITDB],
    input: "",
  });
  await rm(passwordFile);
  // A server without network makes the databases, so that no client is needed.
  const statements = databases.map((database) => `create database "${database}";\n`).join("");
  await run(home, { program: "postgres", arguments: ["--single", "-D", making, "postgres"], input: statements });
  await rename(making, home.dataFolder);
}

/** Runs one of Postgres's programs to its end. Refuses with a StackError that carries what it printed. */
async function run(home: PostgresHome, call: { program: string; arguments: string[]; input: string }): Promise<void> {
  const running = promisify(execFile)(home.executable(call.program), call.arguments, {
    cwd: home.folder,
    env: ENVIRONMENT,
    ...home.runAs,
  });
  running.child.stdin?.end(call.input);
  try {
    await running;
  } catch (error) {
    const printed = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    throw new StackError(`${call.program} of Postgres failed: ${printed || String(error)}`, { cause: error });
  }
}

function settings(home: PostgresHome, port: number): readonly string[] {
  const preload = home.hasStatementStatistics ? { shared_preload_libraries: "pg_stat_statements" } : {};
  return Object.entries({ ...SETTINGS, ...preload, port }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** In postmaster.pid the server writes its pid (line 1) and its own word for its state (line 8). */
async function saysReady(dataFolder: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(dataFolder, "postmaster.pid"), "utf8")).split("\n");
  // The file of a server that was killed says "ready" too, until this one overwrites it.
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

const ENVIRONMENT = { LC_ALL: "C", TZ: "UTC" };
const INITDB = [
  `--username=${USER}`,
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale=C",
  // Sorts and compares the same on every machine, whatever its C library.
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
];

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 200,
  shared_buffers: "256MB",
  // What was committed is on the disk: the product promises it, so its tests must run on it.
  fsync: "on",
  synchronous_commit: "on",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  timezone: "UTC",
  log_timezone: "UTC",
  // No value of a statement reaches the log: they are personal.
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
};
