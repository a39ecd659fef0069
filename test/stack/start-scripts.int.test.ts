import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { exists } from "../../stack/exists.ts";
import { isRunning } from "../../stack/process-table.ts";

const SCRIPTS = join(import.meta.dirname, "../../scripts");
let dir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "scripts-test-"));
});
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

interface Script {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exitCode: Promise<number | null>;
  /** Resolves when the output contains a text. */
  readonly prints: (text: string) => Promise<void>;
}

function run(name: string, environment: Record<string, string>): Script {
  const child = spawn(process.execPath, [join(SCRIPTS, `${name}.ts`)], {
    env: { STACK_DIR: dir, ...environment },
    cwd: dir,
  });
  children.push(child);
  const chunks: Buffer[] = [];
  const output = () => Buffer.concat(chunks).toString();
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const prints = async (text: string) => {
    while (!output().includes(text)) await Promise.race([once(child.stdout, "data"), once(child.stderr, "data")]);
  };
  return { child, output, prints, exitCode: once(child, "close").then(([code]) => code as number | null) };
}

/** The stack of this test run, which the script then neither starts nor stops. */
function addresses(): Record<string, string> {
  const { databaseUrl, redisUrl, kafkaBrokers, schemaRegistryUrl } = inject("stack");
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    KAFKA_BROKERS: kafkaBrokers,
    SCHEMA_REGISTRY_URL: schemaRegistryUrl,
  };
}

describe("a start script", () => {
  test("on a machine without the tools says so in one sentence, with exit code 1", async () => {
    const script = run("stack-up", { PATH: "", HOME: dir });
    expect(await script.exitCode).toBe(1);
    expect(script.output()).toMatch(/^\nThere is nothing to run Postgres, Redis, Kafka and the schema registry with\./);
    expect(script.output()).not.toContain("    at ");
  });

  test("with a port that is taken names the port and who has it, with exit code 1", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const environment = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
    const script = run("stack-up", { ...environment, STACK: "native", POSTGRES_PORT: String(port) });
    expect(await script.exitCode).toBe(1);
    expect(script.output()).toContain(
      `Port ${port}, wanted for postgres, is already in use by process ${process.pid} (`,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  test("with settings that make no sense names them all, with exit code 1", async () => {
    const script = run("stack-up", { STACK: "docker", KAFKA_PORT: "x" });
    expect(await script.exitCode).toBe(1);
    expect(script.output()).toContain("STACK must be one of");
    expect(script.output()).toContain("KAFKA_PORT must be an integer");
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends with code 0 after %s", async (signal) => {
    const script = run("stack-up", addresses());
    await script.prints("Ctrl-C stops them");
    script.child.kill(signal);
    expect(await script.exitCode).toBe(0);
    expect(script.output()).toContain("everything is stopped");
    expect(await exists(join(dir, "start.pid"))).toBe(false);
  });

  test("refuses to start a second time in the same folder, and is stopped from another terminal", async () => {
    const first = run("stack-up", addresses());
    await first.prints("Ctrl-C stops them");

    const second = run("stack-up", addresses());
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toContain(`It is running already, as process ${first.child.pid}`);

    const stop = run("stop", {});
    expect(await stop.exitCode).toBe(0);
    expect(await first.exitCode).toBe(0);
    expect(await isRunning(first.child.pid!)).toBe(false);
  });
});

describe("npm run stack:stop", () => {
  test("with nothing running says so, with exit code 0", async () => {
    const script = run("stop", {});
    expect(await script.exitCode).toBe(0);
    expect(script.output()).toContain("nothing was running");
  });
});

describe("npm run stack:reset", () => {
  test("stops what runs and deletes the folder", async () => {
    const script = run("stack-up", addresses());
    await script.prints("Ctrl-C stops them");
    const reset = run("stack-reset", {});
    expect(await reset.exitCode).toBe(0);
    expect(await script.exitCode).toBe(0);
    expect(await exists(dir)).toBe(false);
  });
});
