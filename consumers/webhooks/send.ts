import { lookup } from "node:dns/promises";
import { Agent } from "undici";
import { targetUrlProblems } from "../../domain/webhook/target-url.ts";
import type { AttemptOutcome } from "../../domain/webhook/verdict.ts";
import type { Clock } from "../../runtime/clock.ts";
import { isPublicAddress } from "../../runtime/public-address.ts";
import { exchange } from "./exchange.ts";
import { createGuardedConnector, type Resolve } from "./guarded-connector.ts";

export interface SenderSettings {
  /** Longest time of one attempt: name, connect, TLS, headers and body together (H4). */
  readonly timeoutMs: number;
  /** Lets attempts go to http and to private addresses: the local stack and tests. */
  readonly allowPrivateTargets: boolean;
  readonly clock: Clock;
  /** The machine's resolver when left out. */
  readonly resolve?: Resolve;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of one attempt. */
export interface SendResult {
  readonly outcome: AttemptOutcome;
  /** The status of the answer, also when the answer then broke off. */
  readonly statusCode: number | null;
  readonly retryAfter: string | null;
  /** The first KiB of the answer as text; null when none came. */
  readonly answerExcerpt: string | null;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

export interface Sender {
  /** Makes one attempt. Never rejects: whatever goes wrong is an outcome with its class. */
  readonly send: (request: OutgoingRequest) => Promise<SendResult>;
  /** Closes all connections; attempts under way end as `connection_lost`. */
  readonly stop: () => Promise<void>;
}

/**
 * Sends webhooks over pooled connections, one pool per origin. Follows no redirect, decompresses nothing, reads a
 * bounded part of the answer, and connects to public addresses only unless private targets are allowed.
 */
export function createSender(settings: SenderSettings): Sender {
  const { timeoutMs, allowPrivateTargets, clock, resolve = resolveByMachine } = settings;
  const isAllowed = allowPrivateTargets ? () => true : isPublicAddress;
  const agent = new Agent({
    connect: createGuardedConnector({ isAllowed, resolve, timeoutMs }),
    allowH2: false,
    // The time limit of an attempt covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const attempt = async (request: OutgoingRequest) => {
    if (targetUrlProblems(request.url, { allowPrivateTargets }).length > 0) return REFUSED_URL;
    return exchange(agent, request, timeoutMs);
  };
  return {
    send: async (request) => {
      const startedAtMs = clock();
      const answer = await attempt(request);
      return { ...answer, startedAtMs, durationMs: Math.max(0, clock() - startedAtMs) };
    },
    stop: () => agent.destroy(),
  };
}

const REFUSED_URL = {
  outcome: { kind: "unanswered", failureClass: "refused_url" },
  statusCode: null,
  retryAfter: null,
  answerExcerpt: null,
} as const;

const resolveByMachine: Resolve = (hostname) => lookup(hostname, { all: true });
