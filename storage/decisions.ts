import type { EntityManager } from "@mikro-orm/postgresql";
import type { Redis } from "ioredis";
import type { Answer } from "../domain/decision.ts";
import type { Refusal } from "../domain/refusals.ts";
import { listenTo } from "./listen-to.ts";
import { runSql } from "./sql.ts";

/** What became of a command: an answer when it was applied, else a refusal. */
export interface StoredDecision {
  readonly commandId: string;
  readonly outcome: "applied" | "refused" | "failed";
  readonly answer: Answer | null;
  readonly refusal: Refusal | null;
}

/** A decision and the gateway that waits for it. */
export interface AddressedDecision {
  readonly replyTo: string;
  readonly decision: StoredDecision;
}

/** Which of these commands are decided, and how; in no particular order, undecided ones are left out. */
export async function findDecisions(em: EntityManager, commandIds: readonly string[]): Promise<StoredDecision[]> {
  if (commandIds.length === 0) return [];
  const sql = `select command_id as "commandId", outcome, answer, refusal from decisions where command_id = any($1)`;
  return runSql(em, sql, [commandIds]);
}

export interface SenderSettings {
  readonly redis: Redis;
  readonly prefix: string;
  /** Counts sends that failed: the gateways then find the decisions in Postgres. */
  readonly metrics: { readonly decisionsUnsent: { readonly inc: () => void } };
}

export interface DecisionSender {
  /** Tells the waiting gateways, in one round trip. Never throws: who misses it finds the decision in Postgres. */
  readonly send: (decisions: readonly AddressedDecision[]) => Promise<void>;
}

/** The writer's side: call it after the commit, never before. */
export function createDecisionSender({ redis, prefix, metrics }: SenderSettings): DecisionSender {
  return {
    send: async (decisions) => {
      if (decisions.length === 0) return;
      const pipeline = redis.pipeline();
      for (const [replyTo, own] of Map.groupBy(decisions, (addressed) => addressed.replyTo)) {
        pipeline.publish(channelOf(prefix, replyTo), JSON.stringify(own.map(({ decision }) => decision)));
      }
      const results = await pipeline.exec().catch(() => null);
      if (results === null || results.some(([error]) => error !== null)) metrics.decisionsUnsent.inc();
    },
  };
}

export interface ListenerSettings {
  /** A connection of its own: Redis allows nothing else on one that listens. */
  readonly redis: Redis;
  readonly prefix: string;
  /** The gateway's own name, which it puts into its commands as `replyTo`. */
  readonly replyTo: string;
  readonly hear: (decision: StoredDecision) => void;
}

export interface DecisionListener {
  /** Whether decisions arrive this way just now; if not, ask Postgres more often. */
  readonly isListening: () => boolean;
}

/** The gateway's side: hears decisions as soon as Redis is there, again after every outage, until `redis` is ended. */
export function createDecisionListener({ redis, prefix, replyTo, hear }: ListenerSettings): DecisionListener {
  const channel = channelOf(prefix, replyTo);
  return listenTo(redis, channel, {
    hear: (message) => {
      for (const decision of decisionsIn(message)) hear(decision);
    },
  });
}

/** What is not ours must not end a gateway: whoever waits for a decision finds it in Postgres. */
function decisionsIn(message: string): readonly StoredDecision[] {
  try {
    const decisions: unknown = JSON.parse(message);
    return Array.isArray(decisions) ? decisions : [];
  } catch {
    return [];
  }
}

function channelOf(prefix: string, replyTo: string): string {
  return `${prefix}decisions:${replyTo}`;
}
