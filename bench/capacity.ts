import { keptResults, type Result } from "./results.ts";
import { median } from "./webhooks/figures.ts";

/** What docs/capacity.md is worked out from; read from bench/results, never typed. */
interface Costs {
  /** Milliseconds of processor per new link, by process, under 256 connections. */
  readonly perLink: Readonly<Record<string, number>>;
  /** Commands a second that the users consumer applies when it has nothing to wait for, and its processor time for one. */
  readonly drainPerSecond: number | null;
  readonly drainMs: Readonly<Record<string, number>>;
  readonly longestSilenceSeconds: number | null;
  readonly measured: string;
}

const RATES = [1_000, 10_000, 100_000];
/** How busy a processor may be on average, so that peaks and a lost process still fit. */
const BUSY = 0.6;
const WEEK_SECONDS = 7 * 86_400;

/** docs/capacity.md, from what bench/results holds. */
export async function renderCapacity(): Promise<string> {
  const costs = costsOf(await keptResults([]));
  return `${HEAD}\n${costs === null ? NOTHING : bodyOf(costs)}`;
}

const HEAD = `# Capacity

Printed by \`npm run print\` from [bench/results](../bench/results): no figure here is typed. **Measured** is what a benchmark
has seen; **worked out** is arithmetic on it, which nobody has run at that size.
`;

const NOTHING = "Nothing was measured yet: `npm run bench -- new-links drain`, then `npm run print`.\n";

function costsOf(results: readonly Result[]): Costs | null {
  const of = (name: string) => results.find(({ benchmark }) => benchmark === name);
  const links = of("new-links");
  if (links === undefined) return null;
  const closed = (links.raw["closed"] as { readonly ours: readonly Sample[] }).ours;
  const drained = (of("drain")?.raw["ours"] ?? []) as readonly (Sample & { readonly perSecond: number })[];
  return {
    perLink: medians(closed),
    drainPerSecond: drained.length === 0 ? null : median(drained.map(({ perSecond }) => perSecond)),
    drainMs: medians(drained),
    longestSilenceSeconds: of("scaling")?.figures.find(({ what }) => what.includes("killed"))?.figure ?? null,
    measured: `${links.at.slice(0, 10)} at ${links.machine.commit}, on ${links.machine.processors}, load average ${links.machine.loadAtStart}`,
  };
}

interface Sample {
  readonly processorMs: Readonly<Record<string, number>>;
}

function medians(samples: readonly Sample[]): Readonly<Record<string, number>> {
  const names = Object.keys(samples[0]?.processorMs ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(samples.map(({ processorMs }) => processorMs[name] ?? 0))]),
  );
}

function bodyOf(costs: Costs): string {
  const total = Object.values(costs.perLink).reduce((sum, ms) => sum + ms, 0);
  const measured = Object.entries(costs.perLink).map(([name, ms]) => `| ${name} | ${ms.toFixed(3)} |`);
  const drained = Object.entries(costs.drainMs).map(([name, ms]) => `${name} ${ms.toFixed(3)} ms`);
  return `
## Measured

${costs.measured}; client, gateway, consumer, Kafka, Postgres, Redis and registry share the machine.

| process | milliseconds of processor per new link |
| --- | --- |
${measured.join("\n")}
| together | ${total.toFixed(3)} |

${costs.drainPerSecond === null ? "" : `A users consumer that only drains applies ${thousands(costs.drainPerSecond)} commands a second (per command: ${drained.join(", ")}).`}

## Worked out

A process of Node uses one processor; on average it may be busy for ${BUSY * 100} % of the time. Partitions are twice the users
consumers, so that they can be spread evenly and doubled once. Connections to Postgres are the pools of all processes.

| commands per second | gateways | users consumers | partitions | connections to Postgres | processors for Postgres | for Kafka | commands kept for 7 days |
| --- | --- | --- | --- | --- | --- | --- | --- |
${RATES.map((rate) => rowOf(rate, costs)).join("\n")}

## What breaks first

${breaking(costs)}
`;
}

const POOL = 10;
const FEWEST_PARTITIONS = 24;

function rowOf(rate: number, { perLink }: Costs): string {
  const processes = (name: string) => Math.max(2, Math.ceil((rate * (perLink[name] ?? 0)) / 1_000 / BUSY));
  const processors = (name: string) => Math.ceil(((rate * (perLink[name] ?? 0)) / 1_000 / BUSY) * 10) / 10;
  const [gateways, consumers] = [processes("gateway"), processes("consumers")];
  const cells = [
    thousands(rate),
    thousands(gateways),
    thousands(consumers),
    thousands(Math.max(FEWEST_PARTITIONS, 2 * consumers)),
    thousands((gateways + consumers) * POOL),
    thousands(processors("postgres")),
    thousands(processors("kafka")),
    `${thousands((rate * WEEK_SECONDS) / 1e6)} million`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function breaking({ perLink, longestSilenceSeconds }: Costs): string {
  const shares = Object.entries(perLink).toSorted(([, left], [, right]) => right - left);
  const [[first, firstMs] = ["", 0]] = shares;
  const oneProcess = Math.round((1_000 * BUSY) / Math.max(perLink["gateway"] ?? 1, perLink["consumers"] ?? 1));
  const postgres = perLink["postgres"] ?? 0;
  return [
    `1. **One process each** (gateway, users consumer): at some ${thousands(oneProcess)} commands a second the busier of the two is at ${BUSY * 100} %. Start a second one; the most expensive per command is ${first} (${firstMs.toFixed(3)} ms).`,
    `2. **Postgres**: it is one writer, and does not scale by starting another. With ${postgres.toFixed(3)} ms per command a server with 32 processors holds some ${thousands(Math.round((32 * 1_000 * BUSY) / Math.max(postgres, 0.001)))} commands a second (worked out; its disk and its write-ahead log come before that on most machines). Beyond, partners have to be spread over several databases: every row names its partner, but nothing here does it for you.`,
    "3. **Connections**: beyond a few hundred, put a pooler in transaction mode in front of Postgres (with DATABASE_PREPARED_STATEMENTS=false), or lower DATABASE_POOL_SIZE.",
    `4. **Partitions** are fixed when the topics are created: there can be no more users consumers than partitions. Create as many as the row that you expect to reach.`,
    `5. **A lost consumer** holds up its partitions until its session ends${longestSilenceSeconds === null ? "" : ` (measured: ${longestSilenceSeconds} s)`}; the more consumers, the fewer users wait.`,
  ].join("\n");
}

function thousands(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}
