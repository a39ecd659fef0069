import { Redis } from "ioredis";
import { judged } from "../figures.ts";
import { createSteadily } from "../links.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";
import { startWholeSystem } from "../whole-system.ts";

const PER_SECOND = 20;
const SECONDS = 20;

/** Bar 7: everything in Redis is deleted once a second, under load, while half of the attempts fail. */
export const flush: WebhookBenchmark = {
  name: "flush",
  sentence: "FLUSHALL once a second under load, with deliveries waiting for their retry: nothing lost",
  run: async ({ services, say }: BenchContext): Promise<BenchFindings> => {
    const system = await startWholeSystem(services);
    const redis = new Redis(services.redisUrl);
    try {
      await system.receiver.behave({ [system.path]: { kind: "flaky", status: 503, successEvery: 2 } });
      const load = createSteadily(system.links, PER_SECOND);
      say(`FLUSHALL ${SECONDS} times`);
      for (let times = 0; times < SECONDS; times += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        await redis.flushall();
      }
      const accepted = await load.stop();
      const lost = await system.missing(accepted, 60_000);
      const counts = (await system.receiver.counts())[system.path];
      const retries = (counts?.requests ?? 0) - (counts?.taken ?? 0);
      const what = `${accepted.length} accepted, ${retries} failed attempts, ${SECONDS} × FLUSHALL: lost`;
      const bar = { bar: 7, what, figure: lost.length, unit: "events", must: "at most", limit: 0 } as const;
      return { bars: [judged(bar)], raw: { accepted: accepted.length, lost, counts } };
    } finally {
      redis.disconnect();
      await system.stop();
    }
  },
};
