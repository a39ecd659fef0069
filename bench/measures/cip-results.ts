import type { Benchmark } from "../benchmark.ts";
import { multiplyUsers } from "../preload/multiply-users.ts";
import { publishCipResults } from "../preload/publish.ts";
import { makeTemplate } from "../preload/template-user.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import { type BenchSystem, openSystem } from "../system.ts";
import { drainTopic } from "./draining.ts";

const RESULTS = 100_000;
const FIRST = 1_000_000;
const ROUNDS_APART = 10_000_000;

/** Results of the CIP system that have piled up: two consumers and a topic between them, beside rows that are written without any rule. */
export const cipResults: Benchmark = {
  name: "cip-results",
  sentence: `the cip-results and users consumers apply ${RESULTS.toLocaleString("en")} preloaded results, each for a user of its own, beside the ceiling (c)`,
  run: async ({ services, rounds, scale, say }) => {
    const system = await openSystem(services);
    // Topics of its own for the ceiling, which writes into the same database.
    const beside = await openSystem(services);
    const topic = { TOPIC_PREFIX: beside.environment["TOPIC_PREFIX"] ?? "" };
    const messages = Math.round((RESULTS * scale) / rounds);
    const fill = async (topics: BenchSystem, prefix: string, from: number) => {
      say(`making ${messages} users that wait for a result`);
      await multiplyUsers(system, { template: "template", prefix, from, count: messages, endedLinks: 0 });
      await publishCipResults(topics, from, messages);
    };
    try {
      await makeTemplate(system, "template", { isWaiting: true });
      const samples = await alternate(rounds, {
        ours: async (round) => {
          await fill(system, `cip${round}`, FIRST + round * messages);
          const start = async () => ({
            users: await system.startConsumers(["users"]),
            cipResults: await system.startConsumers(["cip-results"]),
          });
          return drainTopic({ system, messages, start });
        },
        ceiling: async (round) => {
          await fill(beside, `ceiling${round}`, FIRST + ROUNDS_APART + round * messages);
          // The first round begins with ours, so this one has its result.
          const start = async () => ({
            ceiling: (await system.startBaseline("cip-ceiling.ts", ["cip0-0"], topic)).child,
          });
          return drainTopic({ system, messages, start });
        },
      });
      const own = samples.ours.map(({ perSecond }) => perSecond);
      const most = samples.ceiling.map(({ perSecond }) => perSecond);
      return {
        figures: [
          { what: "results applied", unit: "/s", values: own, target: { must: "at least", limit: 5_000 } },
          { what: "(c) the ceiling", unit: "/s", values: most, target: null },
          { what: "÷ (c)", unit: "×", values: ratios(own, most), target: null },
          {
            what: "users not verified afterwards",
            unit: "",
            values: [await notVerified(system)],
            target: { must: "at most", limit: 0 },
          },
          {
            what: "rows that only one of both wrote",
            unit: "",
            values: [Math.abs((await rowsLeft(system, "cip")) - (await rowsLeft(system, "ceiling")))],
            target: { must: "at most", limit: 0 },
          },
        ],
        raw: samples,
      };
    } finally {
      await beside.stop();
      await system.stop();
    }
  },
};

async function notVerified(system: BenchSystem): Promise<number> {
  const [left] = await system.rows<{ readonly waiting: number }>(
    `select count(*)::int as waiting from users
     where reference_id ~ '^(cip|ceiling)[0-9]' and state <> 'cip_verified'`,
  );
  return left?.waiting ?? Number.NaN;
}

/** Decisions, history and outbox of the users of all rounds. */
async function rowsLeft(system: BenchSystem, prefix: string): Promise<number> {
  const [left] = await system.rows<{ readonly rows: number }>(
    `with own as (select user_id, reference_id from users where reference_id ~ ('^' || $1 || '[0-9]'))
     select (select count(*) from decisions join own using (reference_id))::int
       + (select count(*) from user_history join own using (user_id))::int
       + (select count(*) from outbox join own using (user_id))::int as rows`,
    [prefix],
  );
  return left?.rows ?? Number.NaN;
}
