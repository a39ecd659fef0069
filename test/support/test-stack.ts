import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { loadStackSettings } from "../../scripts/stack-settings.ts";
import { makeStackFolder } from "../../stack/folders.ts";
import { rememberedProcesses, stopLeftovers } from "../../stack/leftovers.ts";
import { startLocalStack } from "../../stack/local-stack.ts";
import { freePort } from "../../stack/ports.ts";
import { isRunning, signalProcess } from "../../stack/process-table.ts";
import { createProgress, type Progress, silentProgress } from "../../stack/progress.ts";
import { removeData } from "../../stack/remove-data.ts";
import type { LocalStack, StackAddresses, StackPorts } from "../../stack/stack-contract.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The addresses of the run's Postgres, Redis, Kafka and registry. */
    stack: StackAddresses;
    /** A folder for the services that single tests start: what they leave behind is ended after the run. */
    stackFolder: string;
  }
}

const FOLDER = join(import.meta.dirname, "..", "..", ".test-stack");
const PRIVATE = "private";

/**
 * Starts one stack for a whole vitest run, with fresh data and free ports, or takes the one whose addresses are in the
 * environment; tests read them with `inject("stack")`. Vitest calls this once per project that needs it: the first call
 * starts, the others find it started. Several runs in one folder do not disturb each other.
 */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (project.getProvidedContext().stack !== undefined) return undefined;
  const dir = join(FOLDER, `run-${process.pid}`);
  const progress = createProgress({ print: (line) => console.log(line) });
  await removeOldRuns(progress);
  const release = killOnExit(dir);
  const stack = await start(dir, progress);
  progress.say("the stack for the tests is up");
  progress.close();
  const { databaseUrl, redisUrl, kafkaBrokers, schemaRegistryUrl } = stack;
  project.vitest.provide("stack", { databaseUrl, redisUrl, kafkaBrokers, schemaRegistryUrl });
  project.vitest.provide("stackFolder", join(dir, PRIVATE));
  return async () => {
    await stack.stop();
    release();
    await removeRun(dir, silentProgress());
  };
}

async function start(dir: string, progress: Progress): Promise<LocalStack> {
  const { mode, environment } = loadStackSettings();
  await makeStackFolder(join(dir, PRIVATE));
  return startLocalStack({ dir, ports: await freePorts(), mode, environment, progress });
}

async function freePorts(): Promise<StackPorts> {
  const [postgres, redis, kafka, registry] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return { postgres, redis, kafka, registry };
}

/** What killed runs have left: their processes and their data. */
async function removeOldRuns(progress: Progress): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const entry of await readdir(FOLDER)) {
    const pid = Number(/^run-(\d+)$/.exec(entry)?.[1]);
    if (Number.isInteger(pid) && (pid === process.pid || !(await isRunning(pid))))
      await removeRun(join(FOLDER, entry), progress);
  }
}

async function removeRun(dir: string, progress: Progress): Promise<void> {
  const ownFolders = await readdir(join(dir, PRIVATE)).catch(() => []);
  for (const folder of [dir, ...ownFolders.map((entry) => join(dir, PRIVATE, entry))]) {
    await stopLeftovers(folder, progress);
  }
  await keepLogs(dir);
  for (const folder of [...ownFolders.map((entry) => join(dir, PRIVATE, entry)), dir]) await removeData(folder);
}

/** The logs of the last run stay, for whoever wants to know why a test failed. */
async function keepLogs(dir: string): Promise<void> {
  const kept = join(FOLDER, "last-logs");
  await rm(kept, { recursive: true, force: true });
  await rename(join(dir, "logs"), kept).catch(() => undefined);
}

/** A vitest that exits without its teardown, after Ctrl-C or an error of its own, takes the services with it. */
function killOnExit(dir: string): () => void {
  const kill = () => {
    for (const { pid } of rememberedProcesses(dir)) signalProcess(pid, "SIGKILL");
  };
  process.once("exit", kill);
  return () => process.off("exit", kill);
}
