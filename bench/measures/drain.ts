import type { Benchmark } from "../benchmark.ts";
import { publishCreates } from "../preload/publish.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import { openSystem } from "../system.ts";
import { drainTopic } from "./draining.ts";

const COMMANDS = 200_000;

/** The users consumer alone, as fast as it can, beside rows that are written without any rule. */
export const drain: Benchmark = {
  name: "drain",
  sentence: `the users consumer alone drains ${COMMANDS.toLocaleString("en")} preloaded commands, beside the ceiling (c)`,
  run: async ({ services, rounds, scale, say }) => {
    const ours = await openSystem(services);
    const ceiling = await openSystem(services);
    const messages = Math.round((COMMANDS * scale) / rounds);
    const topic = { TOPIC_PREFIX: ours.environment["TOPIC_PREFIX"] ?? "" };
    const filled = new Set<number>();
    const fill = async (round: number) => {
      if (filled.has(round)) return;
      filled.add(round);
      say(`publishing ${messages} commands`);
      await publishCreates(ours, `drain${round}`, messages);
    };
    try {
      const samples = await alternate(rounds, {
        ours: async (round) => {
          await fill(round);
          const start = async () => ({ consumers: await ours.startConsumers(["users"]) });
          return drainTopic({ system: ours, messages, start });
        },
        ceiling: async (round) => {
          await fill(round);
          const start = async () => ({ ceiling: (await ceiling.startBaseline("ceiling.ts", [], topic)).child });
          return drainTopic({ system: ceiling, messages, start });
        },
      });
      const own = samples.ours.map(({ perSecond }) => perSecond);
      const most = samples.ceiling.map(({ perSecond }) => perSecond);
      return {
        figures: [
          { what: "commands applied", unit: "/s", values: own, target: null },
          { what: "(c) the ceiling", unit: "/s", values: most, target: null },
          {
            what: "÷ (c)",
            unit: "×",
            values: ratios(own, most),
            target: { must: "at least", limit: 0.5, stretch: 0.7 },
          },
        ],
        raw: samples,
      };
    } finally {
      await ceiling.stop();
      await ours.stop();
    }
  },
};
