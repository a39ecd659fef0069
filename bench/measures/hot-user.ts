import type { Benchmark } from "../benchmark.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import { CLOSED, type LoadSample, type Subject, startOurs, withSubjects } from "./subjects.ts";

const HOT_CONNECTIONS = 64;
const OTHERS_PER_SECOND = 150;
const MEASURE_MS = 6_000;

/** One user of whom everybody wants something at once: correct, and no burden to the others. */
export const hotUser: Benchmark = {
  name: "hot-user",
  sentence: `${HOT_CONNECTIONS} connections race creates and revokes of one user while others make ${OTHERS_PER_SECOND} links a second`,
  run: ({ services, rounds, scale }) =>
    withSubjects([() => startOurs(services)], async (ours) => {
      const samples = await alternate<"quiet" | "hot", HotSample>(rounds, {
        quiet: async (round) => ({ race: null, others: await others(ours, `quiet${round}`, scale) }),
        hot: async (round) => {
          const racing = ours.load({
            workload: { kind: "hot-user", prefix: "one", users: 1 },
            pace: CLOSED,
            connections: HOT_CONNECTIONS,
            warmUpMs: 500,
            measureMs: MEASURE_MS * scale + 500,
          });
          const [race, beside] = await Promise.all([racing, others(ours, `hot${round}`, scale)]);
          return { race, others: beside };
        },
      });
      const p99 = (of: readonly { readonly others: { readonly p99: number } }[]) => of.map((one) => one.others.p99);
      const most = await mostActiveAtOnce(ours);
      return {
        figures: [
          { what: "most links active at once", unit: "", values: [most], target: { must: "at most", limit: 1 } },
          {
            what: "calls for the hot user",
            unit: "/s",
            values: samples.hot.map(({ race }) => race?.perSecond ?? Number.NaN),
            target: null,
          },
          { what: "others' p99 without it", unit: "ms", values: p99(samples.quiet), target: null },
          { what: "others' p99 beside it", unit: "ms", values: p99(samples.hot), target: null },
          {
            what: "others' p99, beside ÷ without",
            unit: "×",
            values: ratios(p99(samples.hot), p99(samples.quiet)),
            target: { must: "at most", limit: 1.2 },
          },
        ],
        raw: samples,
      };
    }),
};

interface HotSample {
  /** Null without the hot user. */
  readonly race: LoadSample | null;
  readonly others: LoadSample;
}

function others(subject: Subject, prefix: string, scale: number) {
  return subject.load({
    workload: { kind: "new-links", prefix, users: 0 },
    pace: { kind: "open", perSecond: OTHERS_PER_SECOND },
    connections: 64,
    warmUpMs: 1_000,
    measureMs: MEASURE_MS * scale,
  });
}

/**
 * From the rows: for every link of the hot user, how many of its links had begun and not ended when it began, itself
 * included. Ends and beginnings of one moment are told apart by the unique index, which holds row by row.
 */
async function mostActiveAtOnce({ system }: Subject): Promise<number> {
  const [row] = await system.rows<{ readonly most: number }>(
    `with hot as (
       select created_at as begins, coalesce(revoked_at, expired_at, completed_at, 'infinity') as ends
       from links where reference_id = 'one-hot'),
     moves as (select begins as at, 1 as change from hot union all select ends, -1 from hot)
     select max(active)::int as most
     from (select sum(change) over (order by at, change rows unbounded preceding) as active from moves) as counted`,
  );
  return row?.most ?? Number.NaN;
}
