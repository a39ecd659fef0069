import { join } from "node:path";
import { logFile } from "../stack/folders.ts";
import { pidFile, stopLeftovers } from "../stack/leftovers.ts";
import { startLocalStack } from "../stack/local-stack.ts";
import { requireFreePort } from "../stack/ports.ts";
import { httpAnswers } from "../stack/probes.ts";
import { productArguments } from "../stack/product-arguments.ts";
import { lastLines, type Service, startService } from "../stack/service-process.ts";
import { settleTogether } from "../stack/settle-together.ts";
import type { LocalStack, StackAddresses } from "../stack/stack-contract.ts";
import { StackError } from "../stack/stack-error.ts";
import type { Running, StartContext } from "./stack-run.ts";

/** A process of the product, run by this Node; it answers GET /health/ready at its port. */
export interface ProductProcess {
  readonly name: string;
  readonly port: number;
  /** Absolute path of its main file. */
  readonly script: string;
  readonly arguments: readonly string[];
}

/** What runs on the stack. */
export interface Product<P extends Prepared = Prepared> {
  /** In the order in which they stop. */
  readonly processes: readonly ProductProcess[];
  /** Sees to what has to be there before the processes start: tables, topics, schemas, demo data. */
  prepare(addresses: StackAddresses): Promise<P>;
}

/** How the processes are run once everything they need is there. */
export interface Prepared {
  /** The whole environment of every process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Longest time one of them may take to stop. */
  readonly stopWithinMs: number;
}

/** Everything that is up. */
export interface System<P extends Prepared = Prepared> extends Running {
  readonly prepared: P;
  readonly stack: LocalStack;
  readonly processes: readonly Service[];
}

const PROJECT_FOLDER = join(import.meta.dirname, "..");
const READY_WITHIN_MS = 60_000;

/**
 * Brings up the stack, prepares it and starts the product's processes, side by side, until all are ready. Refuses with a
 * StackError, with nothing left running, when one of them does not come up.
 */
export async function startSystem<P extends Prepared>(context: StartContext, product: Product<P>): Promise<System<P>> {
  const { settings, progress, signal } = context;
  await stopLeftovers(settings.dir, progress);
  for (const { name, port } of product.processes) await requireFreePort(port, name);
  const stack = await startLocalStack({ ...settings, progress, signal });
  const processes: Service[] = [];
  try {
    const prepared = await orBroken(stack, product.prepare(stack));
    await startProcesses({ context, product, prepared }, processes);
    return { ...toRunning(context, product, { stack, processes }), prepared };
  } catch (error) {
    progress.say("not everything came up: stopping the rest");
    await stopInOrder(context, product, { stack, processes });
    throw error;
  }
}

interface Start {
  readonly context: StartContext;
  readonly product: Product;
  readonly prepared: Prepared;
}

/** A stack that breaks during the preparation is the better reason than what the preparation says then. */
function orBroken<T>(stack: LocalStack, preparing: Promise<T>): Promise<T> {
  const broken = stack.broken.then((sentence) => Promise.reject(new StackError(sentence)));
  return Promise.race([preparing, broken]);
}

async function startProcesses(start: Start, started: Service[]): Promise<void> {
  const { signal, progress } = start.context;
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const starting = start.product.processes.map(async (one) => {
    const done = progress.waitFor(`${one.name}: start`);
    const service = await startService({ ...toCommand(start, one), signal: either }).finally(done);
    started.push(service);
    progress.say(`${one.name}: ready on port ${one.port}`);
  });
  await settleTogether(starting, failure);
}

function toCommand({ context, prepared }: Start, one: ProductProcess) {
  const { dir } = context.settings;
  return {
    name: one.name,
    port: one.port,
    executable: process.execPath,
    arguments: [...productArguments(one.script), one.script, ...one.arguments],
    environment: prepared.environment,
    workingFolder: PROJECT_FOLDER,
    log: logFile(dir, one.name),
    pidFile: pidFile(dir, one.name),
    marker: one.script,
    stopSignal: "SIGTERM",
    stopWithinMs: prepared.stopWithinMs,
    readyWithinMs: READY_WITHIN_MS,
    isReady: () => httpAnswers(one.port, "/health/ready"),
  } as const;
}

interface Parts {
  readonly stack: LocalStack;
  readonly processes: readonly Service[];
}

function toRunning(context: StartContext, product: Product, parts: Parts): Parts & Running {
  let stopping: Promise<void> | undefined;
  const ends = parts.processes.map(async (service) => {
    const how = await service.ended;
    return `${service.name} has gone: ${how}. ${await lastLines(service.log)}`;
  });
  return {
    ...parts,
    broken: Promise.race([parts.stack.broken, ...ends]),
    stop: () => {
      stopping ??= stopInOrder(context, product, parts);
      return stopping;
    },
  };
}

async function stopInOrder({ progress }: StartContext, product: Product, parts: Parts): Promise<void> {
  for (const { name } of product.processes) {
    const service = parts.processes.find((one) => one.name === name);
    if (service === undefined) continue;
    const done = progress.waitFor(`${name}: stop`);
    await service.stop().finally(done);
    progress.say(`${name}: stopped`);
  }
  await parts.stack.stop();
  progress.say("the stack is stopped");
}
