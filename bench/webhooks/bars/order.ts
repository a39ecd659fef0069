import { partnerName } from "../events.ts";
import { type BarFigure, judged } from "../figures.ts";
import type { Receipt } from "../receiver/ledger.ts";
import { openStage } from "../stage.ts";
import { untilTaken } from "../tenants.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";
import { SHORT_LIMITS } from "../whole-system.ts";

const USERS = 50;
const EVENTS = 2_000;
const PER_SECOND = 100;
const KILLS = 3;
const KILL_EVERY_MS = 6_000;
const RETRY_AFTER_MS = 500;
const PATH = "/0";

/** Bar 13: an endpoint with strict order, while one in three attempts succeeds and the worker is killed. */
export const order: WebhookBenchmark = {
  name: "order",
  sentence:
    "strict order per user under failures and kills: events that were taken before an earlier one of their user",
  run,
};

async function run({ services, say }: BenchContext): Promise<BenchFindings> {
  const stage = await openStage(services);
  try {
    await stage.addPartner(partnerName(0));
    await stage.addEndpoint(partnerName(0), { path: PATH, schedule: Array<number>(30).fill(RETRY_AFTER_MS) });
    await stage.rows("update webhook_endpoints set strict_order = true");
    await stage.receiver.behave({ [PATH]: { kind: "flaky", status: 503, successEvery: 3 } });
    const worker = await stage.supervise(["consumers/main.ts", "webhooks"], SHORT_LIMITS);
    await worker.ready();
    const generating = stage.generate({
      partners: 1,
      users: USERS,
      bytes: 1_000,
      events: EVENTS,
      perSecond: PER_SECOND,
    });
    for (let kills = 0; kills < KILLS; kills += 1) {
      await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS));
      say("killing the worker");
      worker.signal("SIGKILL");
    }
    const { ids } = await generating;
    const taken = await untilTaken(stage, [PATH], { events: EVENTS, withinMs: 120_000 });
    const receipts = await stage.receiver.receipts(PATH);
    const overtaken = overtakings(ids, receipts);
    const counts = (await stage.receiver.counts())[PATH];
    return { bars: barsOf(overtaken, EVENTS - taken), raw: { overtaken, counts } };
  } finally {
    await stage.stop();
  }
}

/** How many events were taken for the first time after a later one of their user had been. */
function overtakings(ids: readonly string[], receipts: readonly Receipt[]): number {
  const placeOf = new Map(ids.map((id, index) => [id, { user: index % USERS, sequence: Math.floor(index / USERS) }]));
  const newestOf = new Map<number, number>();
  const seen = new Set<string>();
  let overtaken = 0;
  for (const { id, isTaken } of receipts) {
    const place = placeOf.get(id);
    if (!isTaken || place === undefined || seen.has(id)) continue;
    seen.add(id);
    const newest = newestOf.get(place.user) ?? -1;
    if (place.sequence < newest) overtaken += 1;
    newestOf.set(place.user, Math.max(newest, place.sequence));
  }
  return overtaken;
}

function barsOf(overtaken: number, lost: number): readonly BarFigure[] {
  const bar = { bar: 13, unit: "events", must: "at most", limit: 0 } as const;
  const what = `strict order, ${EVENTS} events of ${USERS} users, 2 of 3 attempts fail, ${KILLS} kills`;
  return [
    judged({ ...bar, what: `${what}: out of order`, figure: overtaken }),
    judged({ ...bar, what: `${what}: lost`, figure: lost }),
  ];
}
