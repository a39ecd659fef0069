import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { composeUse } from "../../stack/compose.ts";
import { startLocalStack } from "../../stack/local-stack.ts";
import { silentProgress } from "../../stack/progress.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "compose-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A docker that writes down what it is called with; `up` ends with the given code. */
async function fakeDocker(upCode = 0): Promise<void> {
  const script = `#!/bin/sh
echo "$* KAFKA_PORT=$KAFKA_PORT" >> ${folder}/calls
[ "$2" = up ] && exit ${upCode}
exit 0
`;
  await writeFile(join(folder, "docker"), script);
  await chmod(join(folder, "docker"), 0o755);
}

const dir = () => join(folder, "stack");
const start = () =>
  startLocalStack({
    dir: dir(),
    ports: { postgres: 1_001, redis: 1_002, kafka: 1_003, registry: 1_004 },
    mode: "compose",
    progress: silentProgress(),
    environment: { PATH: folder },
  });
const calls = async () => (await readFile(join(folder, "calls"), "utf8")).trim().split("\n");

describe("the stack in containers", () => {
  test("starts the four services at the given ports, and waits until they are healthy", async () => {
    await fakeDocker();
    const stack = await start();
    expect((await calls()).at(-1)).toBe("compose up --detach --wait postgres redis kafka registry KAFKA_PORT=1003");
    expect(stack).toMatchObject({
      databaseUrl: "postgres://m2m:m2m@127.0.0.1:1001/m2m",
      redisUrl: "redis://127.0.0.1:1002",
      kafkaBrokers: "127.0.0.1:1003",
      schemaRegistryUrl: "http://127.0.0.1:1004/apis/ccompat/v7",
    });
    expect(stack.processes.map(({ name, pid }) => [name, pid])).toEqual([
      ["postgres", undefined],
      ["redis", undefined],
      ["kafka", undefined],
      ["registry", undefined],
    ]);
  });

  test("is stopped once, with its data kept, and known to have been started", async () => {
    await fakeDocker();
    expect(await composeUse(dir())).toBe("never");
    const stack = await start();
    expect(await composeUse(dir())).toBe("started");
    await Promise.all([stack.stop(), stack.stop()]);
    expect((await calls()).filter((call) => call.startsWith("compose stop"))).toHaveLength(1);
    expect(await composeUse(dir())).toBe("stopped");
  });

  test("that does not come up is refused with docker's exit code", async () => {
    await fakeDocker(17);
    await expect(start()).rejects.toThrow(
      '"docker compose up --detach --wait postgres redis kafka registry" ended with code 17.',
    );
  });
});
