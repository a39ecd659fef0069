import { defineEntity, p } from "@mikro-orm/postgresql";
import { timeColumn } from "./columns.ts";

/** `open`: its breaker is open, nothing but probes is sent; `recovering`: what was parked is let go step by step. */
export const LANE_STATES = ["open", "recovering"] as const;

export type LaneState = (typeof LANE_STATES)[number];

/** A lane that is not as it should be. One that flows has no row. */
export const WebhookLaneEntity = defineEntity({
  name: "WebhookLane",
  tableName: "webhook_lanes",
  properties: {
    lane: p.text().primary(),
    state: p.enum(LANE_STATES),
    since: timeColumn(),
    /** The next probe of an open lane, the next step of a recovering one. */
    nextAt: timeColumn(),
    /** Probes in a row that found the receiver away. */
    failedProbes: p.integer().default(0),
    /** What the last step of a recovery let go at most. */
    releaseStep: p.integer().default(0),
  },
  indexes: [{ name: "webhook_lanes_next", properties: ["state", "nextAt"] }],
  checks: [{ name: "webhook_lanes_counts", expression: "failed_probes >= 0 and release_step >= 0" }],
});
