import type { BenchContext, Benchmark, Figure } from "../benchmark.ts";
import type { Workload } from "../load/load-plan.ts";
import { multiplyUsers } from "../preload/multiply-users.ts";
import { publishCreates } from "../preload/publish.ts";
import { makeTemplate } from "../preload/template-user.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import type { BenchSystem } from "../system.ts";
import { drainTopic } from "./draining.ts";
import { CLOSED, makeUsers, type Subject, startOurs, withSubjects } from "./subjects.ts";

const USERS = 1_000_000;
const KNOWN = 3_000;
const DRAINED = 10_000;
const LIMIT = { must: "at least", limit: 0.8 } as const;

/** The same work in an empty database and in one with years behind it. */
export const growth: Benchmark = {
  name: "growth",
  sentence: "the same loads with a million users and two million links already there, beside an empty database",
  run: (context) =>
    withSubjects([() => startOurs(context.services), () => startOurs(context.services)], async (full, empty) => {
      const users = Math.round(USERS * Math.min(1, context.scale));
      await fill(full.system, users, context.say);
      for (const subject of [full, empty]) await makeUsers(subject, "known", KNOWN);
      const raw: Record<string, unknown> = {};
      const figures: Figure[] = [];
      for (const { what, inFull, inEmpty } of LOADS) {
        const samples = await alternate(context.rounds, {
          full: (round) => rateOf(full, inFull(round, users), context),
          empty: (round) => rateOf(empty, inEmpty(round), context),
        });
        raw[what] = samples;
        figures.push({
          what: `${what}, full ÷ empty`,
          unit: "×",
          values: ratios(samples.full, samples.empty),
          target: LIMIT,
        });
      }
      return { figures: [...figures, await drained([full, empty], context, raw)], raw };
    }),
};

interface ComparedLoad {
  readonly what: string;
  readonly inFull: (round: number, users: number) => Workload;
  readonly inEmpty: (round: number) => Workload;
}

const LOADS: readonly ComparedLoad[] = [
  {
    what: "new links",
    inFull: (round) => ({ kind: "new-links", prefix: `full${round}`, users: 0 }),
    inEmpty: (round) => ({ kind: "new-links", prefix: `empty${round}`, users: 0 }),
  },
  {
    what: "second links",
    inFull: (_round, users) => ({ kind: "second-links", prefix: "grown", users }),
    inEmpty: () => ({ kind: "second-links", prefix: "known", users: KNOWN }),
  },
  {
    what: "refused creates",
    inFull: () => ({ kind: "refused-creates", prefix: "known", users: KNOWN }),
    inEmpty: () => ({ kind: "refused-creates", prefix: "known", users: KNOWN }),
  },
  {
    what: "users read",
    inFull: (_round, users) => ({ kind: "get-user", prefix: "grown", users }),
    inEmpty: () => ({ kind: "get-user", prefix: "known", users: KNOWN }),
  },
];

async function rateOf(subject: Subject, workload: Workload, { scale }: BenchContext): Promise<number> {
  const timed = { pace: CLOSED, connections: 256, warmUpMs: 800, measureMs: 2_500 * scale };
  return (await subject.load({ ...timed, workload })).perSecond;
}

/** Copies of a user of the product's own making, with one active and one ended link each. */
async function fill(system: BenchSystem, users: number, say: (sentence: string) => void): Promise<void> {
  say(`copying ${users} users with ${2 * users} links`);
  await makeTemplate(system, "template", { isWaiting: false });
  await multiplyUsers(system, { template: "template", prefix: "grown", from: 1, count: users, endedLinks: 1 });
}

/** Both consumers are stopped first: each drains what was published while it was away. */
async function drained(
  subjects: readonly Subject[],
  context: BenchContext,
  raw: Record<string, unknown>,
): Promise<Figure> {
  for (const { processes } of subjects) {
    processes["consumers"]?.signal("SIGTERM");
    await processes["consumers"]?.exited;
  }
  const messages = Math.round(DRAINED * context.scale);
  const drain =
    ({ system }: Subject) =>
    async (round: number) => {
      await publishCreates(system, `drain${round}`, messages);
      const start = async () => ({ consumers: await system.startConsumers(["users"]) });
      return (await drainTopic({ system, messages, start })).perSecond;
    };
  const [full, empty] = subjects;
  if (full === undefined || empty === undefined) throw new Error("two systems are needed");
  const samples = await alternate(context.rounds, { full: drain(full), empty: drain(empty) });
  raw["drain"] = samples;
  return { what: "drain, full ÷ empty", unit: "×", values: ratios(samples.full, samples.empty), target: LIMIT };
}
