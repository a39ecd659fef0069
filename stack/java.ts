import { execFile } from "node:child_process";
import { readdir, readFile, realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { isExecutable } from "./find-on-path.ts";

/** A Java installation. */
export interface Java {
  readonly home: string;
  readonly executable: string;
  readonly majorVersion: number;
}

/** Where to look for Java. */
export interface JavaSearch {
  readonly javaHome: string | undefined;
  readonly searchPath: string;
  /** The user's own folder, for installers that put Java there. */
  readonly userFolder: string;
  /** Folders that hold one Java per subfolder; left out, the usual ones of Linux and macOS. */
  readonly folders?: readonly string[];
}

/** What a search came to: the Java to use, if any, and everything that was seen, for the message. */
export interface JavaFound {
  readonly java: Java | undefined;
  readonly seen: readonly Java[];
}

/** What the schema registry needs; Kafka needs 17. */
export const JAVA_MINIMUM = 21;

/**
 * Looks at JAVA_HOME, then at the PATH, then in the usual folders (newest first), and takes the first Java that is at
 * least JAVA_MINIMUM: the default `java` may be older while a newer one lies beside it.
 */
export async function findJava(search: JavaSearch): Promise<JavaFound> {
  const fromEnvironment = search.javaHome === undefined ? [] : [search.javaHome];
  const named = [...fromEnvironment.map((home) => join(home, "bin")), ...search.searchPath.split(delimiter)];
  const first = await inspectAll(named.filter((folder) => folder !== "").map((folder) => join(folder, "java")));
  const usable = first.find(isUsable);
  if (usable !== undefined) return { java: usable, seen: first };
  const folders = search.folders ?? usualFolders(search.userFolder);
  const others = await inspectAll((await Promise.all(folders.map(executablesIn))).flat());
  const newest = others.toSorted((a, b) => b.majorVersion - a.majorVersion);
  return { java: newest.find(isUsable), seen: [...first, ...newest] };
}

function isUsable(java: Java): boolean {
  return java.majorVersion >= JAVA_MINIMUM;
}

function usualFolders(userFolder: string): readonly string[] {
  return [
    "/usr/lib/jvm",
    "/usr/lib64/jvm",
    "/usr/java",
    "/opt/java",
    "/opt",
    "/Library/Java/JavaVirtualMachines",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    join(userFolder, ".sdkman/candidates/java"),
    join(userFolder, ".jdks"),
    join(userFolder, "Library/Java/JavaVirtualMachines"),
    join(userFolder, ".local/share/mise/installs/java"),
    join(userFolder, ".asdf/installs/java"),
  ];
}

async function executablesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.flatMap((entry) => [
    join(folder, entry, "bin", "java"),
    join(folder, entry, "Contents", "Home", "bin", "java"),
    join(folder, entry, "libexec", "openjdk.jdk", "Contents", "Home", "bin", "java"),
  ]);
}

async function inspectAll(executables: readonly string[]): Promise<readonly Java[]> {
  const real = await Promise.all(executables.map((file) => realpath(file).catch(() => undefined)));
  const unique = [...new Set(real.filter((file) => file !== undefined))];
  return (await Promise.all(unique.map(inspect))).filter((java) => java !== undefined);
}

async function inspect(executable: string): Promise<Java | undefined> {
  if (!(await isExecutable(executable))) return undefined;
  const home = dirname(dirname(executable));
  const majorVersion = (await versionFromRelease(home)) ?? (await versionFromRun(executable));
  return majorVersion === undefined ? undefined : { home, executable, majorVersion };
}

async function versionFromRelease(home: string): Promise<number | undefined> {
  const text = await readFile(join(home, "release"), "utf8").catch(() => "");
  return majorVersionIn(/^JAVA_VERSION="([^"]+)"/m.exec(text)?.[1]);
}

async function versionFromRun(executable: string): Promise<number | undefined> {
  const { stderr } = await promisify(execFile)(executable, ["-version"], { timeout: 10_000 }).catch(() => ({
    stderr: "",
  }));
  return majorVersionIn(/version "([^"]+)"/.exec(stderr)?.[1]);
}

/** 8 from "1.8.0_402", 25 from "25" or "25.0.1". */
function majorVersionIn(version: string | undefined): number | undefined {
  const parts = (version ?? "").split(".").map((part) => Number.parseInt(part, 10));
  const major = parts[0] === 1 ? parts[1] : parts[0];
  return major === undefined || Number.isNaN(major) ? undefined : major;
}
