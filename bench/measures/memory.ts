import { readFile } from "node:fs/promises";
import type { Benchmark } from "../benchmark.ts";
import { alternate } from "../rounds.ts";
import type { Child } from "../webhooks/child.ts";
import { CLOSED, startOurs, withSubjects } from "./subjects.ts";

const EVERY_CONSUMER = ["users", "cip-results", "operation-updates", "timers", "webhooks", "parked"];
const EVERY_MS = 250;

/** What the processes hold in memory while 256 connections make links. */
export const memory: Benchmark = {
  name: "memory",
  sentence: "resident memory of the gateway and of one process with every consumer, under 256 connections",
  run: ({ services, rounds, scale }) =>
    withSubjects([() => startOurs(services, EVERY_CONSUMER)], async (ours) => {
      const samples = await alternate(rounds, {
        loaded: async (round) => {
          const watched = watch(ours.processes);
          const workload = { kind: "new-links", prefix: `memory${round}`, users: 0 } as const;
          const timed = { pace: CLOSED, connections: 256, warmUpMs: 1_000, measureMs: 6_000 * scale };
          const report = await ours.load({ ...timed, workload });
          return { report, highest: await watched.stop() };
        },
      });
      const most = (name: string) => samples.loaded.map(({ highest }) => highest[name] ?? Number.NaN);
      return {
        figures: [
          { what: "gateway", unit: "MB", values: most("gateway"), target: { must: "at most", limit: 250 } },
          { what: "consumers", unit: "MB", values: most("consumers"), target: { must: "at most", limit: 350 } },
        ],
        raw: samples,
      };
    }),
};

/** Reads the resident memory again and again; `stop` gives the most that each process had, in megabytes. */
function watch(processes: Readonly<Record<string, Child>>) {
  const highest: Record<string, number> = {};
  const look = async () => {
    for (const [name, { pid }] of Object.entries(processes)) {
      highest[name] = Math.max(highest[name] ?? 0, await residentMegabytes(pid));
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return {
    stop: async (): Promise<Readonly<Record<string, number>>> => {
      clearInterval(timer);
      await look();
      return highest;
    },
  };
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round((Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024) / 1e6);
}
