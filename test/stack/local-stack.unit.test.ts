import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLocalStack } from "../../stack/local-stack.ts";
import { freePort } from "../../stack/ports.ts";
import { silentProgress } from "../../stack/progress.ts";
import type { StackMode } from "../../stack/stack-contract.ts";
import { StackError } from "../../stack/stack-error.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "local-stack-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A user with nothing installed and nothing downloaded. */
function start(mode: StackMode, environment: Record<string, string> = {}) {
  return startLocalStack({
    dir: join(folder, "stack"),
    ports: { postgres: 1, redis: 2, kafka: 3, registry: 4 },
    mode,
    progress: silentProgress(),
    environment: { PATH: "", HOME: folder, ...environment },
    waitMs: 0,
  });
}

async function sentence(starting: Promise<unknown>): Promise<string> {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StackError);
  return error instanceof StackError ? error.message : "";
}

describe("a machine with nothing to run the stack with", () => {
  test("one message names all three ways and what is missing for each", async () => {
    const message = await sentence(start("auto"));
    expect(message).toContain("set DATABASE_URL, REDIS_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL");
    expect(message).toMatch(/install a JDK 21 or newer and Maven \(now: .*no Maven \(mvn\) on the PATH\)/);
    expect(message).toContain("docker compose (now: there is no docker on the PATH)");
  });

  test("STACK=native says what is missing for it", async () => {
    expect(await sentence(start("native"))).toMatch(/^STACK=native, but there is .*no Maven \(mvn\) on the PATH\.$/);
  });

  test("STACK=compose says what is missing for it", async () => {
    expect(await sentence(start("compose"))).toBe("STACK=compose, but there is no docker on the PATH.");
  });

  test("a docker without an engine, or without compose, is told apart", async () => {
    const docker = join(folder, "docker");
    await writeFile(docker, '#!/bin/sh\n[ "$1" = compose ]\n');
    await chmod(docker, 0o755);
    expect(await sentence(start("compose", { PATH: folder }))).toBe(
      "STACK=compose, but no container engine answers docker.",
    );
    await writeFile(docker, "#!/bin/sh\nexit 1\n");
    expect(await sentence(start("compose", { PATH: folder }))).toBe("STACK=compose, but docker has no compose plugin.");
  });

  test("STACK=none says which addresses it needs", async () => {
    expect(await sentence(start("none"))).toMatch(/^STACK=none, but there are no addresses: set DATABASE_URL/);
  });
});

describe("addresses from the environment", () => {
  const servers: Server[] = [];
  let listening: number;
  let all: Record<string, string>;

  beforeAll(async () => {
    listening = await freePort();
    const server = createServer((socket) => socket.destroy());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(listening, "127.0.0.1", resolve));
    all = {
      DATABASE_URL: `postgres://u:secret@127.0.0.1:${listening}/m2m`,
      REDIS_URL: `redis://127.0.0.1:${listening}`,
      KAFKA_BROKERS: `127.0.0.1:${listening},127.0.0.1:${listening}`,
      SCHEMA_REGISTRY_URL: `http://127.0.0.1:${listening}/apis/ccompat/v7`,
    };
  });
  afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

  test("are taken as they are, and nothing is started or stopped", async () => {
    const stack = await start("auto", all);
    expect(stack).toMatchObject({
      databaseUrl: all["DATABASE_URL"],
      redisUrl: all["REDIS_URL"],
      kafkaBrokers: all["KAFKA_BROKERS"],
      schemaRegistryUrl: all["SCHEMA_REGISTRY_URL"],
      processes: [],
    });
    await stack.stop();
  });

  test("where nothing answers are named with their variable", async () => {
    const dead = await freePort();
    const message = await sentence(start("none", { ...all, REDIS_URL: `redis://127.0.0.1:${dead}` }));
    expect(message).toBe(`Nothing answers at 127.0.0.1:${dead}, named by REDIS_URL.`);
  });

  test("that are only some of the four are refused with the names of the others", async () => {
    const message = await sentence(start("auto", { DATABASE_URL: all["DATABASE_URL"] ?? "", REDIS_URL: "  " }));
    expect(message).toMatch(/^DATABASE_URL is set but REDIS_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL is not/);
  });

  test("that cannot be understood are not repeated, because they may hold a password", async () => {
    const message = await sentence(start("auto", { ...all, DATABASE_URL: "secret without scheme" }));
    expect(message).toBe("DATABASE_URL is not an address that can be understood.");
  });
});
