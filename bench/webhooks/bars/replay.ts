import { partnerName } from "../events.ts";
import { type BarFigure, judged } from "../figures.ts";
import { type BenchStage, openStage } from "../stage.ts";
import { untilTaken } from "../tenants.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";
import { SHORT_LIMITS } from "../whole-system.ts";

const EVENTS = 100_000;
const KILLS = 5;
const KILL_EVERY_MS = 6_000;
const DONE_WITHIN_MS = 240_000;
/** One endpoint gets a share of what may be in flight: a wide process, because this is about survival, not speed. */
const WIDE = { WEBHOOK_CONCURRENCY: "512" };
const PARTNER = partnerName(0);
const PATH = "/0";

/** Bar 12: a replay of many events, while the worker is killed. */
export const replay: WebhookBenchmark = {
  name: "replay",
  sentence: `a replay of ${EVENTS.toLocaleString("en")} events, ${KILLS} × kill -9 of the worker: each event enqueued once and received`,
  run,
};

async function run({ services, say }: BenchContext): Promise<BenchFindings> {
  const stage = await openStage(services);
  try {
    await stage.addPartner(PARTNER);
    const endpointId = await stage.addEndpoint(PARTNER, { path: PATH });
    say(`inserting ${EVENTS} events`);
    await stage.rows(USER, [PARTNER]);
    await stage.rows(HISTORY, [PARTNER, EVENTS]);
    await stage.rows("vacuum analyze user_history");
    const worker = await stage.supervise(["consumers/main.ts", "webhooks"], { ...SHORT_LIMITS, ...WIDE });
    const { url } = await stage.startGateway();
    await worker.ready();
    const startedAtMs = Date.now();
    const replayId = await begin(url, await stage.addKey(PARTNER), endpointId);
    for (let kills = 0; kills < KILLS; kills += 1) {
      await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS));
      say("killing the worker");
      worker.signal("SIGKILL");
    }
    const taken = await untilTaken(stage, [PATH], { events: EVENTS, withinMs: DONE_WITHIN_MS });
    const seconds = (Date.now() - startedAtMs) / 1_000;
    const counts = (await stage.receiver.counts())[PATH];
    return { bars: await barsOf(stage, replayId, taken), raw: { seconds, counts } };
  } finally {
    await stage.stop();
  }
}

async function begin(gatewayUrl: string, apiKey: string, endpointId: string): Promise<string> {
  const answer = await fetch(`${gatewayUrl}/partner/replays`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": apiKey },
    body: JSON.stringify({ endpointId, status: "all" }),
  });
  const { data } = (await answer.json()) as { readonly data?: { readonly replayId: string } };
  if (data === undefined) throw new Error(`the replay was refused with ${answer.status}`);
  return data.replayId;
}

async function barsOf(stage: BenchStage, replayId: string, taken: number): Promise<readonly BarFigure[]> {
  const sql =
    "select count(*)::int as made, count(distinct event_id)::int as events from webhook_deliveries where replay_id = $1";
  const [row] = await stage.rows<{ made: number; events: number }>(sql, [replayId]);
  const { made, events } = row ?? { made: 0, events: 0 };
  const bar = { bar: 12, unit: "events", must: "at most", limit: 0 } as const;
  const what = `replay of ${EVENTS.toLocaleString("en")}, ${KILLS} kills`;
  return [
    judged({ ...bar, what: `${what}: never enqueued`, figure: EVENTS - events }),
    judged({ ...bar, what: `${what}: enqueued twice`, figure: made - events }),
    judged({ ...bar, what: `${what}: never received`, figure: EVENTS - taken }),
  ];
}

const USER = `
  insert into users (user_id, partner, environment, reference_id, state, version, last_sequence, last_at, created_at,
    updated_at, assertions, "values", winners, cip, last_confirmed)
  values ('user_replayed', $1, 'test', 'replayed', 'pending', 1, 1, now(), now(), now(), '{}', '{}', '{}', '{}', '{}')`;

/** One user's history is enough: a replay reads by partner and time. */
const HISTORY = `
  insert into user_history (user_id, sequence, event_id, user_version, type, at, command_id, actor, data, world)
  select 'user_replayed', n, 'evt_' || $1::text || '_' || n, n, 'user.data_updated',
    now() - interval '1 day' + n * interval '1 millisecond', 'cmd', '{}',
    json_build_object('referenceId', 'replayed', 'padding', repeat('x', 400)), $1::text || '/test'
  from generate_series(1, $2::int) as n`;
