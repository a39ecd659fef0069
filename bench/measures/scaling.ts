import kafkajs from "kafkajs";
import { createKafka } from "../../messaging/kafka.ts";
import { createLog } from "../../runtime/log.ts";
import type { Benchmark, Figure } from "../benchmark.ts";
import { generateAnyLoad } from "../load/generate.ts";
import { type BenchSystem, openSystem } from "../system.ts";
import { watchProgress } from "./progress-watch.ts";

const PER_SECOND = 300;
/** Every partition has to see commands much more often than the target, or its silence would say nothing. */
const PARTITION_SILENCE_LIMIT_S = 5;
const CALM_MS = 5_000;

/** As docs/operations.md recommends where brokers allow sessions this short: the local one does. */
const SHORT_SESSION = {
  SESSION_TIMEOUT_MS: "3000",
  HEARTBEAT_INTERVAL_MS: "500",
  STATEMENT_TIMEOUT_MS: "2500",
  IDLE_IN_TRANSACTION_TIMEOUT_MS: "2000",
  LOCK_TIMEOUT_MS: "1500",
};

/** What partners notice when consumers come and go. */
export const scaling: Benchmark = {
  name: "scaling",
  sentence: `a second users consumer joins, one stops, one is killed with -9, under ${PER_SECOND} links a second; sessions of 3 s`,
  run: async ({ services, scale, say }) => {
    const system = await openSystem(services);
    try {
      const first = await system.startConsumers(["users"], SHORT_SESSION);
      const gateway = await system.startGateway();
      const phases = [
        { what: "a second consumer joins", settleMs: 8_000 },
        { what: "one of two stops", settleMs: 8_000 },
        { what: "one of two is killed (-9)", settleMs: 20_000 },
      ].map((phase) => ({ ...phase, settleMs: Math.max(phase.settleMs * scale, 8_000) }));
      const measureMs = phases.reduce((sum, { settleMs }) => sum + settleMs, CALM_MS * 2 + 15_000);
      const load = generateAnyLoad({
        ...{ url: gateway.url, apiKey: system.apiKey, connections: 2_000, warmUpMs: 0, measureMs },
        workload: { kind: "new-links", prefix: "scaled", users: 0 },
        pace: { kind: "open", perSecond: PER_SECOND },
      });
      const watch = watchProgress(system);
      await pause(CALM_MS);
      const calm = watch.longestSilence();
      say("a second consumer joins");
      const second = await system.startConsumers(["users"], SHORT_SESSION);
      await pause(phases[0]?.settleMs ?? 0);
      const shared = await partitionsOf(system);
      say(`partitions of each: ${shared.join(" and ")}`);
      const joined = watch.longestSilence();
      say("the first stops");
      first.signal("SIGTERM");
      await pause(phases[1]?.settleMs ?? 0);
      const stopped = watch.longestSilence();
      const third = await system.startConsumers(["users"], SHORT_SESSION);
      await pause(CALM_MS);
      watch.longestSilence();
      say("one is killed");
      second.signal("SIGKILL");
      await pause(phases[2]?.settleMs ?? 0);
      const killed = watch.longestSilence();
      const report = await load;
      watch.stop();
      const lost = await lostLinks(system, report.sent);
      third.signal("SIGTERM");
      return {
        figures: [
          { what: "partitions of the one that has fewer", unit: "", values: [Math.min(...shared)], target: HALF },
          ...figuresOf({ calm, joined, stopped, killed, lost }),
        ],
        raw: { report, silences: { calm, joined, stopped, killed }, lost, shared },
      };
    } finally {
      await system.stop();
    }
  },
};

function figuresOf(
  found: Readonly<Record<"calm" | "joined" | "stopped" | "killed" | "lost", number>>,
): readonly Figure[] {
  const silence = (what: string, seconds: number, isJudged = true): Figure => ({
    what: `longest silence of a partition, ${what}`,
    unit: "s",
    values: [seconds],
    target: isJudged ? { must: "at most", limit: PARTITION_SILENCE_LIMIT_S } : null,
  });
  return [
    silence("nothing happens", found.calm, false),
    silence("a second consumer joins", found.joined),
    silence("one of two stops", found.stopped),
    silence("one of two is killed (-9)", found.killed),
    { what: "links lost", unit: "", values: [found.lost], target: { must: "at most", limit: 0 } },
  ];
}

/** Two consumers share 24 partitions evenly. */
const HALF = { must: "at least", limit: 12 } as const;

/** How many partitions each member of the users consumer's group has. */
async function partitionsOf({ environment }: BenchSystem): Promise<readonly number[]> {
  const brokers = (environment["KAFKA_BROKERS"] ?? "").split(",");
  const log = createLog({ level: "silent", component: "bench" });
  const admin = createKafka({ brokers, clientId: "bench-groups", log }).admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([`${environment["GROUP_PREFIX"]}users`]);
  await admin.disconnect();
  return (groups[0]?.members ?? []).map(({ memberAssignment }) => {
    const assigned = kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
    return Object.values(assigned).flat().length;
  });
}

/** Every request of the load asked for a link of a user of its own; all were taken by Kafka, whatever was answered. */
async function lostLinks(system: BenchSystem, sent: number): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const [row] = await system.rows<{ readonly made: number }>(
      "select count(*)::int as made from links where reference_id like 'scaled-%'",
    );
    const lost = sent - (row?.made ?? 0);
    if (lost === 0 || tries >= LAST_TRY) return lost;
    await pause(1_000);
  }
}

const LAST_TRY = 60;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
