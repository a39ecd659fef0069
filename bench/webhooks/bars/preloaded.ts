import { type BarFigure, judged, rounded, spreadOf } from "../figures.ts";
import { type BenchStage, openStage } from "../stage.ts";
import { addTenants, latenciesOf, untilTaken } from "../tenants.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";

const ROWS = 1_000_000;
const ENDPOINTS = 10;
const PER_SECOND = 200;
const SECONDS = 20;
const WARM_UP_MS = 5_000;
/** Some of the deliveries fail once and are claimed again a second later: the slow path is measured too. */
const FLAKY = { kind: "flaky", status: 503, successEvery: 2 } as const;
const RETRY_AFTER_MS = 1_000;
const SLEEPING_PARTNER = "sleeping";

/** Bar 16: a million deliveries that wait must not be felt by those that do not. */
export const preloaded: WebhookBenchmark = {
  name: "preloaded",
  sentence: `claim time and healthy p99 beside ${ROWS.toLocaleString("en")} parked and scheduled deliveries, against an empty table`,
  run,
};

async function run(context: BenchContext): Promise<BenchFindings> {
  const before = await measure(context, 0);
  const full = await measure(context, ROWS);
  const after = await measure(context, 0);
  const bars = barsOf(pooled([before, after]), pooled([full]));
  return {
    bars,
    raw: { runs: [before, full, after].map(({ latencies, ...run }) => ({ ...run, latencyMs: spreadOf(latencies) })) },
  };
}

interface Pooled {
  readonly p99Ms: number;
  readonly claimMs: number;
}

/** The empty table is measured before and again afterwards, so that a machine that changes meanwhile does not decide. */
function pooled(runs: readonly Measured[]): Pooled {
  const claims = runs.reduce((sum, run) => sum + run.claims, 0);
  const claimMs = runs.reduce((sum, run) => sum + run.claimMs * run.claims, 0) / claims;
  return { p99Ms: spreadOf(runs.flatMap(({ latencies }) => latencies)).p99, claimMs: rounded(claimMs) };
}

function barsOf(empty: Pooled, full: Pooled): readonly BarFigure[] {
  const bar = { bar: 16, unit: "×", must: "at most", limit: 1.2 } as const;
  const rows = ROWS.toLocaleString("en");
  const p99 = `healthy p99 beside ${rows} waiting rows (${empty.p99Ms} → ${full.p99Ms} ms)`;
  const claim = `mean claim beside ${rows} waiting rows (${empty.claimMs} → ${full.claimMs} ms)`;
  return [
    judged({ ...bar, what: p99, figure: rounded(full.p99Ms / empty.p99Ms) }),
    judged({ ...bar, what: claim, figure: rounded(full.claimMs / empty.claimMs) }),
  ];
}

interface Measured {
  readonly latencies: readonly number[];
  readonly claimMs: number;
  readonly claims: number;
  readonly lost: number;
}

async function measure({ services, say }: BenchContext, rows: number): Promise<Measured> {
  const stage = await openStage(services);
  try {
    await stage.rows("create extension if not exists pg_stat_statements");
    const paths = await addTenants(stage, ENDPOINTS);
    const [flaky = "/0"] = paths;
    await stage.receiver.behave({ [flaky]: FLAKY });
    await stage.rows("update webhook_endpoints set schedule = $1", [JSON.stringify(Array(8).fill(RETRY_AFTER_MS))]);
    if (rows > 0) await preload(stage, rows, say);
    // That they are there is measured, not that they have just been written.
    await stage.rows("checkpoint");
    await stage.startConsumers(["webhooks"]);
    await stage.rows("select pg_stat_statements_reset()");
    say(`${PER_SECOND} events/s for ${SECONDS} s beside ${rows} rows`);
    const events = PER_SECOND * SECONDS;
    const plan = { partners: ENDPOINTS, users: 1_000, bytes: 1_000, events, perSecond: PER_SECOND };
    const { startedAtMs } = await stage.generate(plan);
    const taken = await untilTaken(stage, paths, { events, withinMs: 30_000 });
    const latencies = await latenciesOf(stage, paths.slice(1), startedAtMs + WARM_UP_MS);
    return { latencies, ...(await claimTimes(stage)), lost: events - taken };
  } finally {
    await stage.stop();
  }
}

/** Half of them parked at an endpoint that is paused, half scheduled for the next day at one that is not. */
async function preload(stage: BenchStage, rows: number, say: (sentence: string) => void): Promise<void> {
  await stage.addPartner(SLEEPING_PARTNER);
  const paused = await stage.addEndpoint(SLEEPING_PARTNER, { path: "/paused" });
  const waiting = await stage.addEndpoint(SLEEPING_PARTNER, { path: "/waiting" });
  await stage.rows("update webhook_endpoints set status = 'paused' where endpoint_id = $1", [paused]);
  say(`inserting ${rows} rows`);
  await stage.rows(PRELOAD, [rows / 2, paused, waiting, SLEEPING_PARTNER]);
  await stage.rows("vacuum analyze webhook_deliveries");
}

const PRELOAD = `
  insert into webhook_deliveries (delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, url,
    event_type, body, sequence, user_id, reference_id, slot_class, status, parked_at, attempts, due_at, fence, created_at)
  select 'dlv_' || kind || n, 'evt_' || kind || n, 'endpoint:' || endpoint_id, 'endpoint:' || endpoint_id, $4, 'test',
    endpoint_id, 'http://127.0.0.1:1/', 'link.created', '{"id":"' || n || '"}', 1, 'user_sleeping_1', 'sleeping',
    'retry', kind, case when kind = 'parked' then now() end, 1, now() + interval '2 hours' + n * interval '80 milliseconds', 1, now()
  from generate_series(1, $1::int) as n, (values ('parked', $2::text), ('pending', $3::text)) as half(kind, endpoint_id)`;

/** What Postgres counted of the statement that claims due deliveries: the one that locks them and skips what is locked. */
async function claimTimes(stage: BenchStage): Promise<Pick<Measured, "claimMs" | "claims">> {
  const [row] = await stage.rows<{ mean: number; calls: number }>(`
    select sum(total_exec_time) / sum(calls) as mean, sum(calls)::int as calls from pg_stat_statements
    where query ilike '%webhook_deliveries%' and query ilike '%skip locked%' and query not ilike '%pg_stat_statements%'
      and dbid = (select oid from pg_database where datname = current_database())`);
  return { claimMs: rounded(row?.mean ?? Number.NaN), claims: row?.calls ?? 0 };
}
