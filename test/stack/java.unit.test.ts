import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findJava, type JavaSearch } from "../../stack/java.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "java-test-"));
});
afterEach(() => rm(root, { recursive: true }));

/** A folder that looks like an installed Java; without a release file it answers `java -version`. */
async function install(name: string, version: string, { hasRelease = true } = {}): Promise<string> {
  const home = join(root, name);
  await mkdir(join(home, "bin"), { recursive: true });
  if (hasRelease) await writeFile(join(home, "release"), `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`);
  await writeFile(join(home, "bin", "java"), `#!/bin/sh\necho 'openjdk version "${version}" 2025-01-01' >&2\n`);
  await chmod(join(home, "bin", "java"), 0o755);
  return home;
}

const search = (over: Partial<JavaSearch>): JavaSearch => ({
  javaHome: undefined,
  searchPath: "",
  userFolder: root,
  folders: [],
  ...over,
});

describe("which Java is taken", () => {
  test("JAVA_HOME comes first, though the PATH has a newer one", async () => {
    const home = await install("mine", "21.0.2");
    const other = await install("other", "25");
    const { java } = await findJava(search({ javaHome: home, searchPath: join(other, "bin") }));
    expect(java).toEqual({ home, executable: join(home, "bin", "java"), majorVersion: 21 });
  });

  test("a JAVA_HOME that is too old gives way to the PATH", async () => {
    const old = await install("old", "17.0.15");
    const newer = await install("newer", "21");
    const { java } = await findJava(search({ javaHome: old, searchPath: join(newer, "bin") }));
    expect(java?.home).toBe(newer);
  });

  test("the newest one in the usual folders is found when the default is 17", async () => {
    const path = await install("default", "17.0.15");
    const folder = join(root, "jvm");
    await install("jvm/temurin-21", "21.0.5");
    const newest = await install("jvm/temurin-25", "25.0.1");
    await install("jvm/java-8", "1.8.0_402");
    const { java } = await findJava(search({ searchPath: join(path, "bin"), folders: [folder] }));
    expect(java?.home).toBe(newest);
  });

  test("a link on the PATH leads to the installation behind it", async () => {
    const home = await install("real", "23");
    await mkdir(join(root, "links"));
    await symlink(join(home, "bin", "java"), join(root, "links", "java"));
    const { java } = await findJava(
      search({ searchPath: `${join(root, "nowhere")}${delimiter}${join(root, "links")}` }),
    );
    expect(java?.home).toBe(home);
  });

  test("an installation that does not say its version is asked for it", async () => {
    const home = await install("silent", "22.0.1", { hasRelease: false });
    const { java } = await findJava(search({ javaHome: home }));
    expect(java?.majorVersion).toBe(22);
  });

  test("macOS keeps it two folders deeper", async () => {
    const home = await install("machines/jdk-24.jdk/Contents/Home", "24");
    const { java } = await findJava(search({ folders: [join(root, "machines")] }));
    expect(java?.home).toBe(home);
  });

  test("when all are too old, it says which ones it saw", async () => {
    const old = await install("old", "17.0.15");
    const older = await install("jvm/java-8", "1.8.0_402");
    const { java, seen } = await findJava(search({ searchPath: join(old, "bin"), folders: [join(root, "jvm")] }));
    expect(java).toBeUndefined();
    expect(seen.map(({ home, majorVersion }) => [home, majorVersion])).toEqual([
      [old, 17],
      [older, 8],
    ]);
  });

  test("a file that is not a Java, and a folder that is not there, are passed over", async () => {
    await mkdir(join(root, "broken", "bin"), { recursive: true });
    await writeFile(join(root, "broken", "bin", "java"), "not executable");
    const { java, seen } = await findJava(search({ javaHome: join(root, "broken"), folders: [join(root, "none")] }));
    expect({ java, seen }).toEqual({ java: undefined, seen: [] });
  });
});
