import type { Benchmark, Figure } from "../benchmark.ts";
import { alternate } from "../rounds.ts";
import { ratios } from "../statistics.ts";
import { median } from "../webhooks/figures.ts";
import { CLOSED, type LoadSample, type Subject, startOurs, startSynchronous, withSubjects } from "./subjects.ts";

const CONNECTIONS = 256;
const WARM_UP_MS = 1_500;
const MEASURE_MS = 6_000;
/** Of (a)'s own throughput: a rate that it can hold. */
const OPEN_SHARE = 0.8;

/** New links for new users, beside two synchronous services. */
export const newLinks: Benchmark = {
  name: "new-links",
  sentence: "new links for new users over 256 connections, beside Koa with MikroORM (a) and Koa with plain pg (b)",
  run: ({ services, rounds, scale, say }) => {
    const starts = [
      () => startOurs(services),
      () => startSynchronous(services, "orm"),
      () => startSynchronous(services, "pg"),
    ];
    return withSubjects(starts, async (ours, orm, pg) => {
      const closed = (subject: Subject | undefined) => (round: number) =>
        load(subject, { prefix: `closed${round}`, scale, pace: CLOSED });
      const first = await alternate(rounds, { ours: closed(ours), orm: closed(orm), pg: closed(pg) });
      const perSecond = Math.floor(median(first.orm.map((sample) => sample.perSecond)) * OPEN_SHARE);
      say(`open load at ${perSecond} a second`);
      const open = (subject: Subject | undefined) => (round: number) =>
        load(subject, { prefix: `open${round}`, scale: scale / 2, pace: { kind: "open", perSecond } });
      const second = await alternate(rounds, { ours: open(ours), orm: open(orm) });
      return {
        figures: [...throughput(first), ...latency(first, second, perSecond)],
        raw: { closed: first, open: second },
      };
    });
  },
};

function load(
  subject: Subject | undefined,
  {
    prefix,
    scale,
    pace,
  }: { readonly prefix: string; readonly scale: number; readonly pace: Parameters<Subject["load"]>[0]["pace"] },
): Promise<LoadSample> {
  if (subject === undefined) throw new Error("a subject did not start");
  const workload = { kind: "new-links", prefix, users: 0 } as const;
  return subject.load({
    workload,
    pace,
    connections: CONNECTIONS,
    warmUpMs: WARM_UP_MS,
    measureMs: MEASURE_MS * scale,
  });
}

type Samples = Readonly<Record<"ours" | "orm" | "pg", readonly LoadSample[]>>;

function throughput({ ours, orm, pg }: Samples): readonly Figure[] {
  const rate = (samples: readonly LoadSample[]) => samples.map(({ perSecond }) => perSecond);
  return [
    { what: "new links", unit: "/s", values: rate(ours), target: null },
    { what: "(a) Koa + MikroORM", unit: "/s", values: rate(orm), target: null },
    { what: "(b) Koa + pg", unit: "/s", values: rate(pg), target: null },
    {
      what: "÷ (a)",
      unit: "×",
      values: ratios(rate(ours), rate(orm)),
      target: { must: "at least", limit: 6, stretch: 8 },
    },
    {
      what: "÷ (b)",
      unit: "×",
      values: ratios(rate(ours), rate(pg)),
      target: { must: "at least", limit: 2, stretch: 3 },
    },
  ];
}

function latency(closed: Samples, open: Pick<Samples, "ours" | "orm">, perSecond: number): readonly Figure[] {
  const p99 = (samples: readonly LoadSample[]) => samples.map((sample) => sample.p99);
  const third = { must: "at most", limit: 1 / 3 } as const;
  return [
    { what: "p99 with 256 connections", unit: "ms", values: p99(closed.ours), target: null },
    { what: "p99 of (a) with 256 connections", unit: "ms", values: p99(closed.orm), target: null },
    { what: "p99 ÷ (a)'s", unit: "×", values: ratios(p99(closed.ours), p99(closed.orm)), target: third },
    { what: `p99, open load of ${perSecond}/s`, unit: "ms", values: p99(open.ours), target: null },
    { what: `p99 of (a), open load of ${perSecond}/s`, unit: "ms", values: p99(open.orm), target: null },
  ];
}
