import type { Benchmark } from "../benchmark.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import { CLOSED, type LoadSample, type Subject, startOurs, startSynchronous, withSubjects } from "./subjects.ts";

/** What somebody waits who is alone: there is nothing to gather, and the way through Kafka is paid in full. */
export const oneConnection: Benchmark = {
  name: "one-connection",
  sentence: "new links over one connection: how long one caller waits, beside (a)",
  run: ({ services, rounds, scale }) =>
    withSubjects([() => startOurs(services), () => startSynchronous(services, "orm")], async (ours, orm) => {
      const alone = (subject: Subject) => (round: number) =>
        subject.load({
          workload: { kind: "new-links", prefix: `alone${round}`, users: 0 },
          pace: CLOSED,
          connections: 1,
          warmUpMs: 1_000,
          measureMs: 4_000 * scale,
        });
      const samples = await alternate(rounds, { ours: alone(ours), orm: alone(orm) });
      const p50 = (of: readonly LoadSample[]) => of.map((sample) => sample.p50);
      return {
        figures: [
          { what: "p50", unit: "ms", values: p50(samples.ours), target: null },
          { what: "p50 of (a)", unit: "ms", values: p50(samples.orm), target: null },
          {
            what: "p50 ÷ (a)'s",
            unit: "×",
            values: ratios(p50(samples.ours), p50(samples.orm)),
            target: { must: "at most", limit: 2, stretch: 1.3 },
          },
        ],
        raw: samples,
      };
    }),
};
