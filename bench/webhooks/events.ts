import { newId } from "../../runtime/ids.ts";
import type { UserEventMessage } from "../../schemas/generated.ts";

/** The partners whose events the benchmarks make up. */
export function partnerName(index: number): string {
  return `bench${index}`;
}

export interface EventPlan {
  /** Events go round over so many partners. */
  readonly partners: number;
  /** And over so many users: more than partners. */
  readonly users: number;
  /** Bytes of the whole webhook body, about. */
  readonly bytes: number;
}

/** What the fixed parts of an event take. */
const ENVELOPE_BYTES = 560;

/**
 * Makes up one event after the other: link.created of users in turn, with rising sequence, padded to the size. The
 * metadata says when the event was made: its sending has to follow at once.
 */
export function createEvents({ partners, users, bytes }: EventPlan): () => UserEventMessage {
  const everyone = Array.from({ length: users }, (_, index) => ({
    partner: partnerName(index % partners),
    referenceId: `bench-${index}`,
    userId: newId("user", partnerName(index % partners)),
    sequence: 0,
  }));
  const padding = "x".repeat(Math.max(0, bytes - ENVELOPE_BYTES));
  let made = 0;
  return () => {
    const user = everyone[made % users];
    if (user === undefined) throw new Error("there are no users");
    made += 1;
    user.sequence += 1;
    const sentAtMs = performance.timeOrigin + performance.now();
    const at = new Date(sentAtMs).toISOString();
    const { partner, referenceId, userId, sequence } = user;
    const eventId = newId("evt", partner);
    const linkId = newId("link", partner);
    return {
      ...{ partner, environment: "test", eventId, at, referenceId, userId, sequence, userVersion: sequence },
      commandId: newId("evt", partner).replace("evt_", "cmd_"),
      type: "link.created",
      data: {
        ...{ linkId, referenceId, url: `https://links.example/${linkId}/m2m-basic`, status: "created" },
        ...{ createdAt: at, expiresAt: new Date(sentAtMs + 3_600_000).toISOString() },
        metadata: { benchId: eventId, sentAtMs: sentAtMs.toFixed(3), padding },
      },
    };
  };
}
