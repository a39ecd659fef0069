import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cacheFolder, fetchPart, isFetched } from "../../stack/maven.ts";

let folder: string;
let cache: string;
const said: string[] = [];
const progress = { say: (sentence: string) => void said.push(sentence), waitFor: () => () => undefined };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maven-test-"));
  cache = join(folder, "cache");
  said.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** A Maven that writes a file into the folder it is given, and counts its runs. */
async function fakeMaven(body = ""): Promise<string> {
  const mvn = join(folder, "mvn");
  const script = `#!/bin/sh
echo run >> ${folder}/runs
${body}
for word in "$@"; do case "$word" in -Dm2m.output=*) output="\${word#-Dm2m.output=}";; esac; done
mkdir -p "$output/.maven"
echo "$JAVA_HOME" > "$output/one.jar"
`;
  await writeFile(mvn, script);
  await chmod(mvn, 0o755);
  return mvn;
}

const options = (mvn: string | undefined) => ({
  cache,
  mvn,
  javaHome: "/nowhere",
  environment: { PATH: process.env["PATH"] },
  progress,
});
const runs = async () => (await readFile(join(folder, "runs"), "utf8")).trim().split("\n").length;

describe("what comes from Maven", () => {
  test("is fetched once, then found without Maven or network", async () => {
    expect(await isFetched("kafka", cache)).toBe(false);
    const first = await fetchPart("kafka", options(await fakeMaven()));
    expect(await readdir(first)).toEqual(["one.jar"]);
    expect(await isFetched("kafka", cache)).toBe(true);
    expect(await fetchPart("kafka", options(undefined))).toBe(first);
    expect(await runs()).toBe(1);
  });

  test("lies in a folder named after its version", async () => {
    const pom = await readFile(join(import.meta.dirname, "../../stack/pom.xml"), "utf8");
    const version = /<registry\.version>([^<]+)</.exec(pom)?.[1];
    expect(await fetchPart("registry", options(await fakeMaven()))).toBe(join(cache, `registry-${version}`));
  });

  test("is fetched by one when several ask at once", async () => {
    const mvn = await fakeMaven("sleep 0.3");
    const folders = await Promise.all([1, 2, 3].map(() => fetchPart("redis", options(mvn))));
    expect(new Set(folders).size).toBe(1);
    expect(await runs()).toBe(1);
  });

  test("is taken over from a download whose process is gone", async () => {
    const mvn = await fakeMaven();
    await fetchPart("kafka", options(mvn));
    await writeFile(join(cache, "maven.lock"), String(2 ** 22 - 1));
    await fetchPart("redis", options(mvn));
    expect(await runs()).toBe(2);
  });

  test("leaves nothing behind when Maven fails, and its first error is told", async () => {
    const mvn = await fakeMaven("echo '[ERROR] Could not resolve host'; echo '[ERROR] more'; exit 1");
    await expect(fetchPart("kafka", options(mvn))).rejects.toThrow(
      "Maven could not fetch kafka (is the network reachable?): Could not resolve host",
    );
    expect(await readdir(cache)).toEqual([]);
    expect(await fetchPart("kafka", options(await fakeMaven()))).toContain("kafka-");
  });

  test("cannot be had without Maven", async () => {
    await expect(fetchPart("kafka", options(undefined))).rejects.toThrow(/there is no Maven \(mvn\) to fetch it/);
  });

  test("a download that is stopped is no download", async () => {
    const stop = new AbortController();
    const fetching = fetchPart("kafka", { ...options(await fakeMaven("sleep 5")), signal: stop.signal });
    stop.abort();
    await expect(fetching).rejects.toThrow();
    expect(await isFetched("kafka", cache)).toBe(false);
  });
});

describe("the cache folder", () => {
  test("is the user's own, where the desktop standard says", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/x" }, "/home/u")).toBe("/x/m2m-stack");
    expect(cacheFolder({ XDG_CACHE_HOME: "" }, "/home/u")).toBe("/home/u/.cache/m2m-stack");
    expect(cacheFolder({}, "/home/u")).toBe("/home/u/.cache/m2m-stack");
  });
});
