import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { loadStackSettings } from "../../scripts/stack-settings.ts";
import { type Product, type ProductProcess, startSystem } from "../../scripts/stack-system.ts";
import { exists } from "../../stack/exists.ts";
import { freePort } from "../../stack/ports.ts";
import { httpAnswers } from "../../stack/probes.ts";
import { silentProgress } from "../../stack/progress.ts";
import { until } from "../support/until.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "system-test-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** Answers its health check, and writes its end into a file that all share. */
const PROCESS = `
import { createServer } from "node:http";
import { appendFileSync } from "node:fs";
const [port, name, mood] = process.argv.slice(2);
if (mood === "broken") throw new Error("no configuration");
console.log(name + " at " + process.env.DATABASE_URL.split("/")[0]);
createServer((_, response) => response.writeHead(mood === "unready" ? 503 : 200).end()).listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => { appendFileSync("${"END"}", name + "\\n"); process.exit(0); });
`;

async function example(name: string, mood = "well"): Promise<ProductProcess> {
  const script = join(dir, `${name}.mjs`);
  await writeFile(script, PROCESS.replace("END", join(dir, "ends")));
  const port = await freePort();
  return { name, port, script, arguments: [String(port), name, mood] };
}

const product = (processes: readonly ProductProcess[], over: Partial<Product> = {}): Product => ({
  processes,
  prepare: async ({ databaseUrl }) => ({ environment: { DATABASE_URL: databaseUrl }, stopWithinMs: 5_000 }),
  ...over,
});

function context(signal = new AbortController().signal) {
  const { databaseUrl, redisUrl, kafkaBrokers, schemaRegistryUrl } = inject("stack");
  const addresses = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    KAFKA_BROKERS: kafkaBrokers,
    SCHEMA_REGISTRY_URL: schemaRegistryUrl,
  };
  const settings = loadStackSettings({ STACK: "none", STACK_DIR: dir, ...addresses });
  return { settings, progress: silentProgress(), signal };
}

const ends = async () => (await readFile(join(dir, "ends"), "utf8")).trim().split("\n");

describe("npm start", () => {
  test("starts the processes on the stack and stops them in order, the gateway first", async () => {
    const processes = [await example("gateway"), await example("consumers")];
    const system = await startSystem(context(), product(processes));
    // Asked without a limit of time: one that does not listen refuses at once, one that is slow is ready all the same.
    for (const { port } of processes) expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    expect(await readFile(join(dir, "logs", "gateway.log"), "utf8")).toBe("gateway at postgres:\n");
    await system.stop();
    await system.stop();
    expect(await ends()).toEqual(["gateway", "consumers"]);
  });

  test("a process that cannot start ends everything, with its name and its last lines", async () => {
    const processes = [await example("gateway"), await example("consumers", "broken")];
    const starting = startSystem(context(), product(processes));
    await expect(starting).rejects.toThrow(/consumers did not start: it ended with code 1[\s\S]*no configuration/);
    expect(await exists(join(dir, "pids", "gateway.pid"))).toBe(false);
  });

  test("a process that dies later is told with its name and its last lines", async () => {
    const system = await startSystem(context(), product([await example("gateway"), await example("consumers")]));
    const consumers = system.processes.find(({ name }) => name === "consumers");
    await consumers?.kill();
    expect(await system.broken).toMatch(
      /^consumers has gone: it was ended by SIGKILL\. The last lines of [\s\S]*consumers at/,
    );
    await system.stop();
    expect(await ends()).toEqual(["gateway"]);
  });

  test("an interruption while the processes start stops those that are up", async () => {
    const stop = new AbortController();
    const gateway = await example("gateway", "unready");
    const processes = [gateway, await example("consumers")];
    const answers = () =>
      httpAnswers(gateway.port, "/").then(
        () => true,
        () => false,
      );
    const say = (sentence: string) => {
      if (!sentence.startsWith("consumers: ready")) return;
      // One that is stopped before it has begun does not write its end.
      void until("the gateway answers", answers).then(() => stop.abort());
    };
    const interrupted = { ...context(stop.signal), progress: { ...silentProgress(), say } };
    await expect(startSystem(interrupted, product(processes))).rejects.toThrow("gateway was stopped while starting.");
    expect(await exists(join(dir, "pids", "consumers.pid"))).toBe(false);
    expect(await ends()).toEqual(["gateway", "consumers"]);
  });

  test("a preparation that fails is the reason that is given", async () => {
    const prepare = () => Promise.reject(new Error("Could not migrate the database: it is newer"));
    await expect(startSystem(context(), product([await example("gateway")], { prepare }))).rejects.toThrow(
      "it is newer",
    );
  });

  test("what a killed start left running is stopped by the next one", async () => {
    const gateway = await example("gateway");
    const lost = await startSystem(context(), product([gateway]));
    const found = await startSystem(context(), product([gateway]));
    expect(await lost.broken).toMatch(/^gateway has gone: it ended with code 0/);
    await found.stop();
  });
});
