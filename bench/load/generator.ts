import { setTimeout as wait } from "node:timers/promises";
import { quantile, rounded } from "../webhooks/figures.ts";
import { type Connection, openConnection } from "./connection.ts";
import type { LoadPlan, LoadReport } from "./load-plan.ts";
import { createRequests } from "./requests.ts";

/** The load generator, a process of its own: does what its plan says and prints one line, the report. */
const plan: LoadPlan = JSON.parse(process.argv[2] ?? "{}");
process.stdin.on("end", () => process.exit()).resume();
const report = await generate(plan);
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());

/** Sends the plan's load and reports what was answered between the warm-up and the end. */
async function generate({ url, pace, connections, warmUpMs, measureMs, ...rest }: LoadPlan): Promise<LoadReport> {
  const requests = createRequests({ url, pace, connections, warmUpMs, measureMs, ...rest });
  const opened = await Promise.all(Array.from({ length: connections }, () => openConnection(new URL(url))));
  const beginMs = performance.now() + warmUpMs;
  const endMs = pace.kind === "count" ? Number.POSITIVE_INFINITY : beginMs + measureMs;
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let surprise: string | null = null;
  let sent = 0;
  const ask = async (connection: Connection, dueMs: number): Promise<void> => {
    sent += 1;
    const answer = await connection.request(requests.next());
    const nowMs = performance.now();
    requests.hear(answer);
    if (!requests.isExpected(answer.status)) surprise ??= `${answer.status} ${answer.body.slice(0, 300)}`;
    if (!isCounted(dueMs, nowMs)) return;
    latencies.push(nowMs - dueMs);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  };
  // Closed load counts what is answered within the time; open load what was due within it, however late the answer.
  const isCounted = (dueMs: number, nowMs: number) =>
    pace.kind === "open" ? dueMs >= beginMs : nowMs >= beginMs && nowMs <= endMs;
  const startedAtMs = performance.now();
  if (pace.kind === "open") await openLoad({ opened, ask, perSecond: pace.perSecond, endMs });
  else {
    const most = pace.kind === "count" ? pace.requests : Number.POSITIVE_INFINITY;
    const again = async (connection: Connection) => {
      while (performance.now() < endMs && sent < most) await ask(connection, performance.now());
    };
    await Promise.all(opened.map(again));
  }
  const seconds = (pace.kind === "count" ? performance.now() - startedAtMs : measureMs) / 1_000;
  for (const connection of opened) connection.close();
  const at = (part: number) => rounded(quantile(latencies, part));
  const answered = latencies.length;
  const figures = { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
  return { answered, perSecond: rounded(answered / seconds), statuses, ...figures, sent, surprise };
}

interface OpenLoad {
  readonly opened: readonly Connection[];
  readonly ask: (connection: Connection, dueMs: number) => Promise<void>;
  readonly perSecond: number;
  readonly endMs: number;
}

/** A request that finds every connection busy waits, and its latency counts from when it was due. */
async function openLoad({ opened, ask, perSecond, endMs }: OpenLoad): Promise<void> {
  const free = [...opened];
  const due: number[] = [];
  const asking = new Set<Promise<void>>();
  const send = () => {
    while (free.length > 0 && due.length > 0) {
      const [connection, dueMs] = [free.pop(), due.shift()];
      if (connection === undefined || dueMs === undefined) return;
      const asked = ask(connection, dueMs).then(() => {
        free.push(connection);
        asking.delete(asked);
        send();
      });
      asking.add(asked);
    }
  };
  const startMs = performance.now();
  for (let planned = 0; ; ) {
    const nowMs = performance.now();
    for (; startMs + (planned * 1_000) / perSecond <= Math.min(nowMs, endMs); planned += 1)
      due.push(startMs + (planned * 1_000) / perSecond);
    send();
    if (nowMs >= endMs) break;
    await wait(1);
  }
  while (asking.size > 0) await Promise.all(asking);
}
