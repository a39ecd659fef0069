import type { Benchmark } from "../benchmark.ts";
import { multiplyUsers } from "../preload/multiply-users.ts";
import { publishCipResults } from "../preload/publish.ts";
import { makeTemplate } from "../preload/template-user.ts";
import { alternate } from "../rounds.ts";
import { openSystem } from "../system.ts";
import { drainTopic } from "./draining.ts";

const RESULTS = 100_000;
const FIRST = 1_000_000;

/** Results of the CIP system that have piled up: two consumers and a topic between them. */
export const cipResults: Benchmark = {
  name: "cip-results",
  sentence: `the cip-results and users consumers apply ${RESULTS.toLocaleString("en")} preloaded results, each for a user of its own`,
  run: async ({ services, rounds, scale, say }) => {
    const system = await openSystem(services);
    try {
      await makeTemplate(system, "template", { isWaiting: true });
      const messages = Math.round((RESULTS * scale) / rounds);
      const samples = await alternate(rounds, {
        results: async (round) => {
          const from = FIRST + round * messages;
          say(`making ${messages} users that wait for a result`);
          const plan = { template: "template", prefix: `cip${round}`, from, count: messages, endedLinks: 0 };
          await multiplyUsers(system, plan);
          await publishCipResults(system, from, messages);
          const start = async () => ({
            users: await system.startConsumers(["users"]),
            cipResults: await system.startConsumers(["cip-results"]),
          });
          return drainTopic({ system, messages, start });
        },
      });
      const [left] = await system.rows<{ readonly waiting: number }>(
        "select count(*)::int as waiting from users where reference_id like 'cip%' and state <> 'cip_verified'",
      );
      const values = samples.results.map(({ perSecond }) => perSecond);
      return {
        figures: [
          { what: "results applied", unit: "/s", values, target: { must: "at least", limit: 5_000 } },
          {
            what: "users not verified afterwards",
            unit: "",
            values: [left?.waiting ?? Number.NaN],
            target: { must: "at most", limit: 0 },
          },
        ],
        raw: samples,
      };
    } finally {
      await system.stop();
    }
  },
};
