import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { killLeftovers, pidFile, pidFolder, stopLeftovers } from "../../stack/leftovers.ts";
import { recallProcess, rememberProcess } from "../../stack/pid-file.ts";
import { isRunning } from "../../stack/process-table.ts";

const children: ChildProcess[] = [];
let dir: string;
let said: string[];
const progress = { say: (sentence: string) => void said.push(sentence) };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "leftovers-test-"));
  said = [];
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  await rm(dir, { recursive: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** A process that goes on until a signal, and prints when it is listening to signals. */
async function startChild(marker: string, script = "process.on('SIGTERM', () => process.exit(0))"): Promise<number> {
  const child = spawn(process.execPath, ["-e", `${script}; setInterval(() => {}, 1000); console.log('up')`, marker]);
  children.push(child);
  await once(child.stdout!, "data");
  return child.pid!;
}

const remember = (name: string, pid: number, marker: string) =>
  rememberProcess(pidFile(dir, name), { pid, marker, stopSignal: "SIGTERM" });

describe("what a killed start left behind", () => {
  test("is ended, with a sentence for each, and forgotten", async () => {
    const pid = await startChild("kafka-of-this-test");
    await remember("kafka", pid, "kafka-of-this-test");
    expect(await stopLeftovers(dir, progress)).toBe(1);
    expect(await isRunning(pid)).toBe(false);
    expect(said).toEqual([`kafka (process ${pid}) was left over from an earlier start: stopping it`]);
    expect(await readdir(pidFolder(dir))).toEqual([]);
  });

  test("ends in stop order: what depends on others first", async () => {
    for (const name of ["postgres", "gateway", "registry"]) await remember(name, await startChild(name), name);
    await stopLeftovers(dir, progress);
    expect(said.map((sentence) => sentence.split(" ")[0])).toEqual(["gateway", "registry", "postgres"]);
  });

  test("is left alone when its pid belongs to somebody else now", async () => {
    const pid = await startChild("a-stranger");
    await remember("kafka", pid, "kafka-of-this-test");
    expect(await stopLeftovers(dir, progress)).toBe(0);
    expect(await isRunning(pid)).toBe(true);
    expect(await readdir(pidFolder(dir))).toEqual([]);
  });

  test("does not matter when it has ended by itself", async () => {
    await remember("kafka", 2 ** 22 - 1, "kafka");
    expect(await stopLeftovers(dir, progress)).toBe(0);
    expect(said).toEqual([]);
  });

  test("is killed with its children at once when that is wanted", async () => {
    const script = "process.on('SIGTERM', () => {}); require('child_process').spawn('sleep', ['60'])";
    const pid = await startChild("stubborn", script);
    await remember("kafka", pid, "stubborn");
    await killLeftovers(dir, progress);
    expect(await isRunning(pid)).toBe(false);
  });

  test("a folder that never held a stack has none", async () => {
    expect(await stopLeftovers(join(dir, "none"), progress)).toBe(0);
  });
});

describe("a pid file", () => {
  test.each([
    ["is empty", ""],
    ["is torn", '{"pid":12'],
    ["names no process", '{"pid":"12","marker":"node","stopSignal":"SIGTERM"}'],
    ["names the first process of the machine", '{"pid":1,"marker":"","stopSignal":"SIGTERM"}'],
    ["wants a signal that is no stop", `{"pid":${process.pid},"marker":"node","stopSignal":"SIGSTOP"}`],
  ])("that %s names nobody", async (_, text) => {
    const file = join(dir, "x.pid");
    await writeFile(file, text);
    expect(await recallProcess(file)).toBeUndefined();
  });
});
