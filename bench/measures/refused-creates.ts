import type { Benchmark } from "../benchmark.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import { CLOSED, type LoadSample, makeUsers, startOurs, withSubjects } from "./subjects.ts";

const USERS = 3_000;
const PREFIX = "active";

/** Creates that meet an active link: the gateway refuses them by the lock in Redis and one row, without Kafka. */
export const refusedCreates: Benchmark = {
  name: "refused-creates",
  sentence: "creates that are refused because a link is active, beside creates that make one",
  run: ({ services, rounds, scale }) =>
    withSubjects([() => startOurs(services)], async (ours) => {
      await makeUsers(ours, PREFIX, USERS);
      const timed = { pace: CLOSED, connections: 256, warmUpMs: 1_500, measureMs: 5_000 * scale };
      const samples = await alternate(rounds, {
        refused: () => ours.load({ ...timed, workload: { kind: "refused-creates", prefix: PREFIX, users: USERS } }),
        created: (round) => ours.load({ ...timed, workload: { kind: "new-links", prefix: `new${round}`, users: 0 } }),
      });
      const rate = (of: readonly LoadSample[]) => of.map(({ perSecond }) => perSecond);
      const [refused, created] = [rate(samples.refused), rate(samples.created)];
      return {
        figures: [
          { what: "refused", unit: "/s", values: refused, target: null },
          { what: "created", unit: "/s", values: created, target: null },
          {
            what: "refused ÷ created",
            unit: "×",
            values: ratios(refused, created),
            target: { must: "at least", limit: 3 },
          },
        ],
        raw: samples,
      };
    }),
};
