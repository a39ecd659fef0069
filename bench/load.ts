import { parseArgs } from "node:util";
import { generateLoad } from "./load/generate.ts";
import type { LoadPlan, Workload } from "./load/load-plan.ts";
import { type BenchSystem, costPerPiece, openSystem } from "./system.ts";
import { startServices } from "./webhooks/own-stack.ts";

const USAGE = `node bench/load.ts [--workload new-links] [--connections 256] [--seconds 10] [--rate 0] [--rounds 3] [--subject ours|orm|pg]

Starts a stack, gateway and users consumer (or a baseline), sends load and prints throughput, latencies and the processor
milliseconds per command of every process: those hardly depend on what else the machine does. --rate N sends N a second
whatever is answered (open load).

workloads: new-links, second-links, refused-creates, get-user, hot-user`;

const CLOSED = { kind: "closed" } as const;

const { values } = parseArgs({
  options: {
    workload: { type: "string", default: "new-links" },
    connections: { type: "string", default: "256" },
    seconds: { type: "string", default: "10" },
    rate: { type: "string", default: "0" },
    rounds: { type: "string", default: "3" },
    subject: { type: "string", default: "ours" },
    users: { type: "string", default: "5000" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const services = await startServices();
const system = await openSystem(services);
try {
  await run(system);
} finally {
  await system.stop();
  await services.stop();
}
process.exit(0);

async function run(on: BenchSystem): Promise<void> {
  const isOurs = values.subject === "ours";
  const answering = isOurs ? await on.startGateway() : await on.startBaseline("main.ts", [values.subject]);
  const processes = {
    gateway: answering.child,
    ...(isOurs ? { users: await on.startConsumers(["users"]) } : {}),
  };
  const kind = values.workload as Workload["kind"];
  const users = Number(values.users);
  const plan = { url: answering.url, apiKey: on.apiKey, connections: Number(values.connections) };
  const prefix = "there";
  if (kind !== "new-links") {
    const pace = { kind: "count", requests: users } as const;
    const workload = { kind: "new-links", prefix, users } as const;
    await generateLoad({ ...plan, workload, pace, warmUpMs: 0, measureMs: 0 });
  }
  const pace = Number(values.rate) > 0 ? ({ kind: "open", perSecond: Number(values.rate) } as const) : CLOSED;
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const workload = { kind, prefix: kind === "new-links" ? `new${round}` : prefix, users };
    const timed: LoadPlan = { ...plan, workload, pace, warmUpMs: 2_000, measureMs: Number(values.seconds) * 1_000 };
    const before = await on.processorSeconds(processes);
    const report = await generateLoad(timed);
    const cost = costPerPiece(before, await on.processorSeconds(processes), report.sent);
    console.log(JSON.stringify({ round, ...report, processorMsPerCommand: cost }));
  }
}
