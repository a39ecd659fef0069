import { join } from "node:path";
import { freePort } from "../stack/ports.ts";
import { type Child, startProduct } from "./webhooks/child.ts";
import { cpuSeconds } from "./webhooks/cpu.ts";
import type { Services } from "./webhooks/own-stack.ts";
import { type BenchStage, openStage } from "./webhooks/stage.ts";

/** Something that answers partners: our gateway or a baseline. */
export interface Answering {
  readonly child: Child;
  readonly url: string;
}

/** A database, topics and processes for one benchmark, with one partner whose key may call without limit. */
export interface BenchSystem extends BenchStage {
  readonly services: Services;
  readonly apiKey: string;
  /** Starts a program of `bench/baselines/` that listens as a gateway does. */
  readonly startBaseline: (
    script: string,
    given: readonly string[],
    own?: Readonly<Record<string, string>>,
  ) => Promise<Answering>;
  /** Processor seconds so far, by name: the given processes and the services. */
  readonly processorSeconds: (processes: Readonly<Record<string, Child>>) => Promise<ProcessorSeconds>;
}

export type ProcessorSeconds = Readonly<Record<string, number>>;

/** The partner of every benchmark but the webhooks'. */
export const PARTNER = "bench";

const LOGS = join(import.meta.dirname, "..", ".bench-stack", "logs");

/** Opens a system on these services; nothing of the product runs yet. Its `stop` ends what it started. */
export async function openSystem(services: Services): Promise<BenchSystem> {
  const stage = await openStage(services);
  await stage.addPartner(PARTNER);
  const apiKey = await stage.addKey(PARTNER);
  const baselines: Child[] = [];
  return {
    ...stage,
    ...{ services, apiKey },
    startBaseline: async (script, given, own = {}) => {
      const port = await freePort();
      const child = await startProduct({
        args: [join("bench", "baselines", script), ...given],
        environment: { ...stage.environment, GATEWAY_PORT: String(port), CONSUMERS_PORT: String(port), ...own },
        logFile: join(LOGS, `${stage.environment["REDIS_PREFIX"]?.slice(0, -1)}-${script}.log`),
        readyUrl: `http://127.0.0.1:${port}/health/ready`,
      });
      baselines.push(child);
      return { child, url: `http://127.0.0.1:${port}` };
    },
    processorSeconds: (processes) => processorSeconds(services, processes),
    stop: async () => {
      for (const child of baselines) {
        child.signal("SIGTERM");
        await child.exited;
      }
      await stage.stop();
    },
  };
}

async function processorSeconds(
  services: Services,
  processes: Readonly<Record<string, Child>>,
): Promise<ProcessorSeconds> {
  const pids: Readonly<Record<string, number>> = {
    ...Object.fromEntries(Object.entries(processes).map(([name, { pid }]) => [name, pid])),
    postgres: services.of("postgres").pid,
    kafka: services.of("kafka").pid,
    redis: services.of("redis").pid,
    registry: services.of("registry").pid,
  };
  const entries = Object.entries(pids).map(async ([name, pid]) => [name, await cpuSeconds([pid])] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Milliseconds of processor per piece of work between two readings, by process. */
export function costPerPiece(before: ProcessorSeconds, after: ProcessorSeconds, pieces: number): ProcessorSeconds {
  const cost = ([name, seconds]: [string, number]) =>
    [name, Math.round(((seconds - (before[name] ?? 0)) * 1e6) / pieces) / 1e3] as const;
  return Object.fromEntries(Object.entries(after).map(cost));
}
