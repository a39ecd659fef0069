import { loadConfig } from "../../../runtime/config.ts";
import { judged } from "../figures.ts";
import { createSteadily } from "../links.ts";
import type { Services } from "../own-stack.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";
import { startWholeSystem, type WholeSystem } from "../whole-system.ts";

const PER_SECOND = 20;
const LONGEST_CALM_MS = 1_500;
const MOST_TOGETHER = 3;
const SETTLE_WITHIN_MS = 120_000;
/** So long the receiver takes, so that something is in flight whenever a process is killed. */
const ANSWER_MS = 30;

const VICTIMS = ["worker", "gateway", "postgres", "redis", "kafka"] as const;

type Victim = (typeof VICTIMS)[number];

/** Bars 4 and 5: what was accepted against what was received, while everything is killed again and again. */
export const kills: WebhookBenchmark = {
  name: "kills",
  sentence:
    "kill -9 at random moments of worker, gateway, Postgres, Redis and broker: nothing lost, duplicates counted",
  run,
};

async function run({ services, say, kills: times }: BenchContext): Promise<BenchFindings> {
  const system = await startWholeSystem(services);
  try {
    await system.receiver.behave({ [system.path]: { kind: "answer", status: 200, delayMs: ANSWER_MS } });
    const load = createSteadily(system.links, PER_SECOND);
    const fates = await killAll({ system, services, times, say });
    say("everything runs again: waiting for what is still under way");
    const accepted = await load.stop();
    const lost = await system.missing(accepted, SETTLE_WITHIN_MS);
    return findings(system, { fates, accepted, lost });
  } finally {
    await system.stop();
  }
}

interface Killing {
  readonly system: WholeSystem;
  readonly services: Services;
  readonly times: number;
  readonly say: (sentence: string) => void;
}

interface Fates {
  readonly killed: Readonly<Record<Victim, number>>;
  /** Deliveries claimed and not recorded at the moments when the worker or Postgres was killed, together. */
  readonly inFlight: number;
}

/**
 * One to three victims at a time, in an order and at moments that chance decides. Before that everything is at work
 * again: killing what does nothing would show nothing.
 */
async function killAll({ system, services, times, say }: Killing): Promise<Fates> {
  const killed = { worker: 0, gateway: 0, postgres: 0, redis: 0, kafka: 0 };
  let inFlight = 0;
  const due = () => VICTIMS.filter((victim) => killed[victim] < times);
  while (due().length > 0) {
    const shuffled = due().toSorted(() => Math.random() - 0.5);
    const together = shuffled.slice(0, 1 + Math.floor(Math.random() * MOST_TOGETHER));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_CALM_MS));
    // A crash of Postgres takes the last arrivals along, which do not wait for the disk: what was in flight is sent again.
    if (together.includes("worker") || together.includes("postgres")) inFlight += await freeze(system);
    await Promise.all(together.map((victim) => kill(victim, system, services)));
    // Only now: what it delivered while Postgres still died would be beyond what was counted.
    if (!together.includes("worker")) system.worker.signal("SIGCONT");
    await Promise.all(together.map((victim) => restart(victim, system, services)));
    for (const victim of together) killed[victim] += 1;
    await Promise.all([system.worker.ready(), system.gateway.ready()]);
    say(
      `killed so far: ${Object.entries(killed)
        .map(([victim, count]) => `${victim} ${count}`)
        .join(", ")}`,
    );
  }
  return { killed, inFlight };
}

/** Freezes the worker, so that what it has in flight is known exactly when it is killed. */
async function freeze(system: WholeSystem): Promise<number> {
  system.worker.signal("SIGSTOP");
  const sql = "select count(*)::int as n from webhook_deliveries where status = 'delivering'";
  const [row] = await system.rows<{ n: number }>(sql);
  return row?.n ?? 0;
}

function inFlightCap({ environment }: WholeSystem): number {
  return loadConfig(environment).webhookConcurrency;
}

async function kill(victim: Victim, system: WholeSystem, services: Services): Promise<void> {
  if (victim === "worker" || victim === "gateway") system[victim].signal("SIGKILL");
  else await services.kill(victim);
}

/** The product's processes are started again by their supervisor. */
async function restart(victim: Victim, system: WholeSystem, services: Services): Promise<void> {
  if (victim === "worker" || victim === "gateway") await system[victim].ready();
  else await services.restart(victim);
}

interface Outcome {
  readonly fates: Fates;
  readonly accepted: readonly string[];
  readonly lost: readonly string[];
}

async function findings(system: WholeSystem, { fates, accepted, lost }: Outcome): Promise<BenchFindings> {
  const counts = (await system.receiver.counts())[system.path];
  const duplicates = counts?.duplicates ?? 0;
  const total = Object.values(fates.killed).reduce((sum, one) => sum + one, 0);
  const ownEnds = { worker: system.worker.ownEnds(), gateway: system.gateway.ownEnds() };
  const limit = fates.inFlight + ownEnds.worker * inFlightCap(system);
  const each = Math.min(...Object.values(fates.killed));
  const what = `${accepted.length} accepted, ${each} × kill -9 of each of ${VICTIMS.join(", ")}`;
  return {
    bars: [
      judged({ bar: 4, what: `${what}: lost`, figure: lost.length, unit: "events", must: "at most", limit: 0 }),
      judged({
        bar: 5,
        what: "duplicates, against what was in flight",
        figure: duplicates,
        unit: "requests",
        must: "at most",
        limit,
      }),
    ],
    raw: { kills: total, ...fates, ownEnds, accepted: accepted.length, lost, counts },
  };
}
