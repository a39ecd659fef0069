import { setTimeout as wait } from "node:timers/promises";
import { addressKey } from "../../domain/user/address-key.ts";
import { createCodec } from "../../messaging/codec.ts";
import { createKafka } from "../../messaging/kafka.ts";
import { createPublisher } from "../../messaging/publisher.ts";
import { createLog } from "../../runtime/log.ts";
import type { UserEventMessage } from "../../schemas/generated.ts";
import { createEvents } from "./events.ts";

/** What the generator is told, as JSON in its first argument. */
export interface GeneratorPlan {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly prefix: string;
  readonly events: number;
  /** Events per second; null for as fast as Kafka takes them, in blocks. */
  readonly perSecond: number | null;
  readonly partners: number;
  readonly users: number;
  readonly bytes: number;
}

/** The last line that the generator prints. */
export interface GeneratorReport {
  readonly ids: readonly string[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** How late the latest event was made, against its plan. */
  readonly latestMs: number;
}

const BLOCK = 500;
const ACK_TIMEOUT_MS = 60_000;

/** Writes events into the topic, in a process of its own, and reports when Kafka has acknowledged them all. */
const plan: GeneratorPlan = JSON.parse(process.argv[2] ?? "{}");
const { brokers, registryUrl, prefix } = plan;
const log = createLog({ level: "silent", component: "generator" });
const publisher = createPublisher({
  kafka: createKafka({ brokers, clientId: "bench-generator", log }),
  codec: createCodec({ registryUrl, prefix }),
  ...{ prefix, ackTimeoutMs: ACK_TIMEOUT_MS, log },
});
process.stdin.on("end", () => process.exit()).resume();
await publisher.start();
const report = plan.perSecond === null ? await saturate() : await pace(plan.perSecond);
await publisher.stop();
// Only when the pipe has taken it all: the report is longer than what fits in one.
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());

async function saturate(): Promise<GeneratorReport> {
  const make = createEvents(plan);
  const ids: string[] = [];
  const startedAtMs = Date.now();
  while (ids.length < plan.events) {
    const block = Array.from({ length: Math.min(BLOCK, plan.events - ids.length) }, make);
    await publisher.publishAll(block.map(toOutgoing));
    for (const { eventId } of block) ids.push(eventId);
  }
  return { ids, startedAtMs, endedAtMs: Date.now(), latestMs: 0 };
}

/** One event per tick of the rate; a late tick is caught up with, and told. */
async function pace(perSecond: number): Promise<GeneratorReport> {
  const make = createEvents(plan);
  const ids: string[] = [];
  const sending: Promise<void>[] = [];
  const startedAtMs = performance.now();
  let latestMs = 0;
  while (ids.length < plan.events) {
    const dueMs = startedAtMs + (ids.length * 1_000) / perSecond;
    const lateMs = performance.now() - dueMs;
    if (lateMs < 0) {
      await wait(Math.max(1, Math.floor(-lateMs)));
      continue;
    }
    latestMs = Math.max(latestMs, lateMs);
    const event = make();
    ids.push(event.eventId);
    sending.push(publisher.publishAll([toOutgoing(event)]));
  }
  await Promise.all(sending);
  const { timeOrigin } = performance;
  return { ids, startedAtMs: timeOrigin + startedAtMs, endedAtMs: Date.now(), latestMs: Math.round(latestMs) };
}

function toOutgoing(event: UserEventMessage) {
  return {
    topic: "userEvents",
    key: addressKey(event),
    value: event,
    headers: { messageId: event.eventId, type: event.type, occurredAt: event.at },
  } as const;
}
