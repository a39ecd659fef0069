import { targetUrlProblems } from "../../domain/webhook/target-url.ts";
import type { AttemptOutcome } from "../../domain/webhook/verdict.ts";
import type { Clock } from "../../runtime/clock.ts";
import { isPublicAddress } from "../../runtime/public-address.ts";
import { createConnectionPools } from "./connection-pools.ts";
import { exchange } from "./exchange.ts";
import { type ConnectLimits, createGuardedConnector } from "./guarded-connector.ts";
import { createDnsResolve, type Resolve, resolveByMachine } from "./resolve-names.ts";

export interface SenderSettings {
  /** Longest time of one attempt: name, connect, TLS, headers and body together (H4). */
  readonly timeoutMs: number;
  /** Lets attempts go to http and to private addresses: the local stack and tests. */
  readonly allowPrivateTargets: boolean;
  readonly clock: Clock;
  /** Attempts of this process in flight at most: one origin never needs more connections. */
  readonly concurrency: number;
  /** The phases of an attempt that should end sooner than usual; none lasts longer than `timeoutMs`. */
  readonly limits?: Partial<PhaseLimits>;
  /** Instead of the name servers, or of the machine's resolver where private targets are allowed. */
  readonly resolve?: Resolve;
}

/** The longest time of each phase of an attempt, in milliseconds. */
export interface PhaseLimits extends ConnectLimits {
  /** From the request on its connection to the status of the answer. */
  readonly firstByteMs: number;
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

/** A healthy way to a receiver takes a fraction of this; a receiver may think for as long as the attempt lasts. */
const USUAL_LIMITS: PhaseLimits = { dnsMs: 5_000, connectMs: 5_000, tlsMs: 5_000, firstByteMs: Infinity };

/**
 * Sends webhooks over pooled connections, one pool per origin. Follows no redirect and no proxy, decompresses nothing,
 * reads a bounded part of the answer, and connects to public addresses only unless private targets are allowed.
 */
export function createSender(settings: SenderSettings): Sender {
  const { timeoutMs, allowPrivateTargets, clock, concurrency } = settings;
  const limits = limitsWithin(timeoutMs, settings.limits);
  const usualResolve = allowPrivateTargets ? resolveByMachine : createDnsResolve({ limitMs: limits.dnsMs });
  const isAllowed = allowPrivateTargets ? () => true : isPublicAddress;
  const connect = createGuardedConnector({ isAllowed, resolve: settings.resolve ?? usualResolve, limits });
  const pools = createConnectionPools({ connect, perOrigin: concurrency });
  const attempt = async (request: OutgoingRequest) => {
    if (targetUrlProblems(request.url, { allowPrivateTargets }).length > 0) return REFUSED_URL;
    return exchange(pools, request, { totalMs: timeoutMs, firstByteMs: limits.firstByteMs });
  };
  return {
    send: async (request) => {
      const startedAtMs = clock();
      const answer = await attempt(request);
      return { ...answer, startedAtMs, durationMs: Math.max(0, clock() - startedAtMs) };
    },
    stop: () => pools.destroy(),
  };
}

function limitsWithin(timeoutMs: number, limits: Partial<PhaseLimits> = {}): PhaseLimits {
  const { dnsMs, connectMs, tlsMs, firstByteMs } = { ...USUAL_LIMITS, ...limits };
  const capped = (limitMs: number) => Math.min(limitMs, timeoutMs);
  return {
    ...{ dnsMs: capped(dnsMs), connectMs: capped(connectMs), tlsMs: capped(tlsMs) },
    firstByteMs: capped(firstByteMs),
  };
}

const REFUSED_URL = {
  outcome: { kind: "unanswered", failureClass: "refused_url" },
  statusCode: null,
  retryAfter: null,
  answerExcerpt: null,
} as const;
