import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { exists } from "./exists.ts";
import { withFileLock } from "./file-lock.ts";
import { isExecutable } from "./find-on-path.ts";
import type { Progress } from "./progress.ts";
import { StackError } from "./stack-error.ts";

/** What stack/pom.xml can fetch, each by the goal that fetches it. */
const GOALS = {
  kafka: "dependency:copy-dependencies@kafka",
  registry: "dependency:unpack@registry",
  redis: "dependency:unpack@redis",
} as const;

/** For the line that says what is being waited for. */
const SIZES = { kafka: "43 MB", registry: "158 MB", redis: "12 MB" } as const;

/** A part of the stack that comes from Maven. */
export type MavenPart = keyof typeof GOALS;

/** What fetching needs. */
export interface MavenOptions {
  /** Shared by all clones of this user: see `cacheFolder`. */
  readonly cache: string;
  /** The `mvn` to run; undefined when there is none, which is enough while everything is in the cache. */
  readonly mvn: string | undefined;
  readonly javaHome: string;
  /** Handed to Maven as it is, so that its settings, proxies and repository are the user's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly progress: Pick<Progress, "waitFor" | "say">;
  readonly signal?: AbortSignal | undefined;
}

const POM = join(import.meta.dirname, "pom.xml");

/** `m2m-stack` in the user's cache folder (XDG_CACHE_HOME, else `.cache` in the user's own folder). */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>, userFolder: string): string {
  const base = environment["XDG_CACHE_HOME"];
  return join(base === undefined || base === "" ? join(userFolder, ".cache") : base, "m2m-stack");
}

/** True when a part is in the cache, so that neither Maven nor a network is needed for it. */
export async function isFetched(part: MavenPart, cache: string): Promise<boolean> {
  return exists(join(cache, await folderName(part)));
}

/**
 * The folder that holds a part's files, fetched with Maven the first time. The folder appears whole or not at all, and
 * several clones may fetch at once. Refuses with a StackError.
 */
export async function fetchPart(part: MavenPart, options: MavenOptions): Promise<string> {
  const target = join(options.cache, await folderName(part));
  if (await exists(target)) return target;
  await mkdir(options.cache, { recursive: true });
  const done = options.progress.waitFor(`${part}: download with Maven, ${SIZES[part]}, once per machine`);
  try {
    // One Maven at a time: Maven 3 does not guard its own repository against a second one.
    await withFileLock(join(options.cache, "maven.lock"), options.signal, async () => {
      if (!(await exists(target))) await download(part, target, options);
    });
  } finally {
    done();
  }
  return target;
}

async function download(part: MavenPart, target: string, options: MavenOptions): Promise<void> {
  if (options.mvn === undefined)
    throw new StackError(`${part} is not in ${options.cache} and there is no Maven (mvn) to fetch it.`);
  const startedAt = performance.now();
  const making = `${target}.${process.pid}.part`;
  await rm(making, { recursive: true, force: true });
  options.progress.say(`${part}: downloading with Maven (${SIZES[part]}, once per machine)`);
  try {
    await run(part, making, { ...options, mvn: options.mvn });
    await rm(join(making, ".maven"), { recursive: true, force: true });
    await rename(making, target);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  options.progress.say(`${part}: downloaded in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

async function run(part: MavenPart, output: string, options: MavenOptions & { readonly mvn: string }): Promise<void> {
  const arguments_ = ["--batch-mode", "--quiet", "--file", POM, GOALS[part], `-Dm2m.output=${output}`];
  const hasHome = await isExecutable(join(options.javaHome, "bin", "java"));
  try {
    await promisify(execFile)(options.mvn, arguments_, {
      env: { ...options.environment, ...(hasHome ? { JAVA_HOME: options.javaHome } : {}) },
      maxBuffer: 16 * 1024 * 1024,
      signal: options.signal,
    });
  } catch (error) {
    const printed = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
    const reason = /^\[ERROR\] (.+)$/m.exec(printed)?.[1] ?? String(error);
    throw new StackError(`Maven could not fetch ${part} (is the network reachable?): ${reason}`, { cause: error });
  }
}

/** Named after the versions in pom.xml, which are the only ones. */
async function folderName(part: MavenPart): Promise<string> {
  const pom = await readFile(POM, "utf8");
  const version = (name: string) => new RegExp(`<${name}\\.version>([^<]+)<`).exec(pom)?.[1] ?? "unknown";
  return part === "kafka" ? `kafka-${version("kafka")}-log4j-${version("log4j")}` : `${part}-${version(part)}`;
}
