import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exists } from "../../stack/exists.ts";
import { freePort } from "../../stack/ports.ts";
import { httpAnswers } from "../../stack/probes.ts";
import { descendants, isRunning } from "../../stack/process-table.ts";
import { type Service, type ServiceCommand, startService } from "../../stack/service-process.ts";

const SERVER = "require('http').createServer((_, response) => response.end()).listen(process.argv[1], '127.0.0.1')";
let dir: string;
const started: Service[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "service-test-"));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.kill()));
  await rm(dir, { recursive: true });
});

async function start(script: string, over: Partial<ServiceCommand> = {}): Promise<Service> {
  const port = await freePort();
  const service = await startService({
    name: "example",
    port,
    executable: process.execPath,
    arguments: ["-e", script, String(port)],
    environment: {},
    workingFolder: dir,
    log: join(dir, "logs", "example.log"),
    pidFile: join(dir, "example.pid"),
    marker: String(port),
    stopSignal: "SIGTERM",
    stopWithinMs: 5_000,
    readyWithinMs: 5_000,
    isReady: () => httpAnswers(port, "/"),
    ...over,
  });
  started.push(service);
  return service;
}

/** Without a limit of time: one that does not listen refuses at once, one that is slow is ready all the same. */
const statusOf = async ({ port }: Service) => (await fetch(`http://127.0.0.1:${port}/`)).status;

describe("a process of the stack", () => {
  test("is ready when it answers, and leaves no trace when it is stopped", async () => {
    const service = await start(SERVER);
    expect(await statusOf(service)).toBe(200);
    expect(await exists(join(dir, "example.pid"))).toBe(true);
    await service.stop();
    expect(await isRunning(service.pid)).toBe(false);
    expect(await exists(join(dir, "example.pid"))).toBe(false);
    expect(await service.ended).toBe("it was ended by SIGTERM");
    await service.stop();
  });

  test.runIf(process.platform === "linux")(
    "has a process group of its own, so that Ctrl-C in the terminal does not reach it",
    async () => {
      const service = await start(SERVER);
      const groupOf = async (pid: number) =>
        (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ")[2];
      expect(await groupOf(service.pid)).toBe(String(service.pid));
    },
  );

  test("inherits nothing from the environment", async () => {
    const service = await start(`console.log(JSON.stringify(process.env)); ${SERVER}`, { environment: { A: "1" } });
    expect(await readFile(service.log, "utf8")).toBe('{"A":"1"}\n');
  });

  test("that ends before it is ready is told with the end of its log", async () => {
    const starting = start("console.error('no disk'); process.exit(3)");
    await expect(starting).rejects.toThrow(
      /^example did not start: it ended with code 3\. The last lines of .*:\nno disk$/,
    );
    expect(await exists(join(dir, "example.pid"))).toBe(false);
  });

  test("that never gets ready is stopped", async () => {
    const pids: number[] = [];
    const isReady = async (pid: number) => pids.push(pid) === 0;
    const starting = start("setInterval(() => {}, 1000)", { readyWithinMs: 200, isReady });
    await expect(starting).rejects.toThrow(/^example was not ready within 0 s\. Its log .* is empty\.$/);
    expect(await isRunning(pids[0]!)).toBe(false);
  });

  test("whose start is interrupted is stopped", async () => {
    const stop = new AbortController();
    const isReady = async () => {
      stop.abort();
      return false;
    };
    const starting = start("setInterval(() => {}, 1000)", { isReady, signal: stop.signal });
    await expect(starting).rejects.toThrow("example was stopped while starting.");
  });

  test("whose program is not there is told", async () => {
    await expect(start("", { executable: join(dir, "nothing") })).rejects.toThrow(
      /^example cannot be started: .*ENOENT/,
    );
  });

  test("that does not heed the signal is killed after its time, with its children", async () => {
    const stubborn = `process.on('SIGTERM', () => {}); require('child_process').spawn('/bin/sleep', ['60']); ${SERVER}`;
    const service = await start(stubborn, { stopWithinMs: 100 });
    const family = [service.pid, ...(await descendants(service.pid))];
    expect(family).toHaveLength(2);
    await service.stop();
    expect(await Promise.all(family.map(isRunning))).toEqual([false, false]);
    expect(await service.ended).toBe("it was ended by SIGKILL");
  });

  test("answers nothing while it is paused, and goes on afterwards", async () => {
    const service = await start(SERVER);
    await service.pause();
    await expect(httpAnswers(service.port, "/")).rejects.toThrow();
    await service.resume();
    expect(await statusOf(service)).toBe(200);
  });

  test("can be stopped while it is paused", async () => {
    const service = await start(SERVER);
    await service.pause();
    await service.stop();
    expect(await service.ended).toBe("it was ended by SIGTERM");
  });

  test("that dies by itself says how", async () => {
    const service = await start(SERVER);
    process.kill(service.pid, "SIGKILL");
    expect(await service.ended).toBe("it was ended by SIGKILL");
  });
});
