import { defineEntity, p } from "@mikro-orm/postgresql";
import { REPLAY_STATES, type ReplayScope } from "../../domain/webhook/replay.ts";
import { environmentColumn, timeColumn } from "./columns.ts";

/** Which events a replay sends again; null and an absent limit take all. */
export interface ReplayFilter {
  readonly from: string | null;
  readonly to: string;
  readonly types: readonly string[] | null;
  readonly referenceId: string | null;
  readonly scope: ReplayScope;
}

/** The event up to which a replay has come, in the order of the history. */
export interface ReplayCursor {
  readonly at: string;
  readonly userId: string;
  readonly sequence: number;
}

export const REPLAY_KINDS = ["replay", "recovery"] as const;

/** A job that sends events again: what it is to do, and how far it is. Both move in one transaction (webhooks.md 2.14). */
export const WebhookReplayEntity = defineEntity({
  name: "WebhookReplay",
  tableName: "webhook_replays",
  properties: {
    replayId: p.text().primary(),
    partner: p.text(),
    environment: environmentColumn(),
    endpointId: p.text(),
    kind: p.enum(REPLAY_KINDS),
    filter: p.json<ReplayFilter>(),
    rate: p.integer().nullable(),
    state: p.enum(REPLAY_STATES),
    reason: p.text().nullable(),
    cursor: p.json<ReplayCursor>().nullable(),
    examined: p.integer().default(0),
    enqueued: p.integer().default(0),
    nextAt: timeColumn(),
    createdAt: timeColumn(),
    updatedAt: timeColumn(),
    finishedAt: timeColumn().nullable(),
  },
  indexes: [
    { name: "webhook_replays_due", properties: ["nextAt"], where: "state = 'running'" },
    { name: "webhook_replays_finished", properties: ["finishedAt"], where: "finished_at is not null" },
    {
      name: "webhook_replays_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "createdAt", sort: "desc" },
        { name: "replayId", sort: "desc" },
      ],
    },
  ],
  checks: [
    { name: "webhook_replays_rate", expression: "rate is null or rate >= 1" },
    { name: "webhook_replays_counts", expression: "enqueued >= 0 and examined >= enqueued" },
    { name: "webhook_replays_finished_at", expression: "(finished_at is not null) = (state in ('done', 'cancelled'))" },
  ],
});
