import { deliveryHeaders } from "../../domain/webhook/delivery-headers.ts";
import { retryAfterMs } from "../../domain/webhook/retry-after.ts";
import { nextAttempt } from "../../domain/webhook/retry-schedule.ts";
import { verdictOf } from "../../domain/webhook/verdict.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { ClaimedDelivery } from "../../storage/claimed-delivery.ts";
import type { AttemptResult } from "../../storage/delivery-store.ts";

import type { Sender, SendResult } from "./send.ts";

export interface AttemptTools {
  readonly sender: Pick<Sender, "send">;
  /** The live secrets that sign a delivery, newest first. */
  readonly secretsOf: (delivery: ClaimedDelivery) => Promise<readonly string[]>;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

/** What an attempt came to, and how long its receiver asks us to wait; null when it says nothing readable. */
export interface Attempted {
  readonly result: AttemptResult;
  readonly retryAfterMs: number | null;
}

/** A delivery cannot be signed: its receiver has no live secret. Our fault, so that no attempt is spent on it. */
export class NoSecret extends Error {
  constructor() {
    super("A webhook cannot be signed: its receiver has no live secret");
    this.name = "NoSecret";
  }
}

/**
 * Makes one attempt of a claimed delivery and says what follows from it. Time and signature are of this attempt.
 * Rejects only when it could not be made at all, for a reason on our side: then the receiver is charged nothing.
 */
export async function attemptDelivery(delivery: ClaimedDelivery, tools: AttemptTools): Promise<Attempted> {
  if (delivery.isReceiverRemoved) return withoutReceiver(delivery, tools.clock());
  const [newest, ...older] = await tools.secretsOf(delivery);
  if (newest === undefined) throw new NoSecret();
  const { eventId: id, eventType, url, body, number, sequence, traceparent } = delivery;
  const timestampSeconds = Math.floor(tools.clock() / 1_000);
  const secrets = [newest, ...older] as const;
  const headers = deliveryHeaders({ id, eventType, timestampSeconds, body, number, sequence, traceparent, secrets });
  const sent = await tools.sender.send({ url, headers, body });
  return judged(delivery, sent, tools.random());
}

function judged(delivery: ClaimedDelivery, sent: SendResult, random: number): Attempted {
  const { outcome, statusCode, answerExcerpt, startedAtMs, durationMs } = sent;
  const { deliveryId, fence, number, delaysMs } = delivery;
  const base = { deliveryId, fence, number, startedAtMs, durationMs, statusCode, answerExcerpt };
  const endedAtMs = startedAtMs + durationMs;
  const askedMs = retryAfterMs(sent.retryAfter, endedAtMs);
  const verdict = verdictOf(outcome);
  if (verdict.kind === "delivered") {
    const result: AttemptResult = { ...base, failureClass: null, next: { kind: "delivered", atMs: endedAtMs } };
    return { result, retryAfterMs: askedMs };
  }
  const { failureClass } = verdict;
  const again = nextAttempt({ number, delaysMs, retryAfterMs: askedMs, random });
  const next: AttemptResult["next"] =
    again.kind === "exhausted" ? { kind: "failed" } : { kind: "retry", dueAtMs: endedAtMs + again.delayMs };
  return { result: { ...base, failureClass, next }, retryAfterMs: askedMs };
}

function withoutReceiver({ deliveryId, fence, number }: ClaimedDelivery, nowMs: number): Attempted {
  const nothing = { startedAtMs: nowMs, durationMs: 0, statusCode: null, answerExcerpt: null };
  const failed = { failureClass: "receiver_removed", next: { kind: "failed" } } as const;
  return { result: { deliveryId, fence, number, ...nothing, ...failed }, retryAfterMs: null };
}
