import { generateLoad } from "../load/generate.ts";
import type { LoadPlan, LoadReport, Pace, Workload } from "../load/load-plan.ts";
import { type Answering, type BenchSystem, costPerPiece, openSystem, type ProcessorSeconds } from "../system.ts";
import type { Child } from "../webhooks/child.ts";
import type { Services } from "../webhooks/own-stack.ts";

/** A system under load: ours or a baseline, in a database of its own. */
export interface Subject {
  readonly system: BenchSystem;
  readonly url: string;
  readonly processes: Readonly<Record<string, Child>>;
  readonly load: (load: Load) => Promise<LoadSample>;
  readonly stop: () => Promise<void>;
}

export interface Load {
  readonly workload: Workload;
  readonly pace: Pace;
  readonly connections: number;
  readonly warmUpMs?: number;
  readonly measureMs?: number;
}

/** What the generator reports, and what a request cost every process, in milliseconds of processor. */
export interface LoadSample extends LoadReport {
  readonly processorMs: ProcessorSeconds;
}

export const CLOSED: Pace = { kind: "closed" };

/** The gateway and these consumers, with the settings that are shipped. */
export async function startOurs(services: Services, consumers: readonly string[] = ["users"]): Promise<Subject> {
  const system = await openSystem(services);
  const users = await system.startConsumers(consumers);
  const gateway = await system.startGateway();
  return subjectOf(system, gateway, { gateway: gateway.child, consumers: users });
}

/** A baseline: `orm` is Koa and MikroORM, `pg` is Koa and hand-written SQL; both one transaction per request. */
export async function startSynchronous(services: Services, kind: "orm" | "pg"): Promise<Subject> {
  const system = await openSystem(services);
  const service = await system.startBaseline("main.ts", [kind]);
  return subjectOf(system, service, { [kind]: service.child });
}

function subjectOf(system: BenchSystem, { url }: Answering, processes: Readonly<Record<string, Child>>): Subject {
  return {
    ...{ system, url, processes },
    load: async ({ warmUpMs = 0, measureMs = 0, ...rest }) => {
      const plan: LoadPlan = { url, apiKey: system.apiKey, warmUpMs, measureMs, ...rest };
      const before = await system.processorSeconds(processes);
      const report = await generateLoad(plan);
      const processorMs = costPerPiece(before, await system.processorSeconds(processes), report.sent);
      return { ...report, processorMs };
    },
    stop: system.stop,
  };
}

/** Users with an active link and all their data, made over HTTP. */
export async function makeUsers(subject: Subject, prefix: string, users: number): Promise<void> {
  const workload: Workload = { kind: "new-links", prefix, users };
  await subject.load({ workload, pace: { kind: "count", requests: users }, connections: 64 });
}

/** Starts these one after the other, does something with them, and stops them whatever happens. */
export async function withSubjects<Result>(
  starts: readonly (() => Promise<Subject>)[],
  use: (...subjects: Subject[]) => Promise<Result>,
): Promise<Result> {
  const started: Subject[] = [];
  try {
    for (const start of starts) started.push(await start());
    return await use(...started);
  } finally {
    for (const subject of started) await subject.stop();
  }
}
