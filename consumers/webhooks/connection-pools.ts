import { Agent, type buildConnector } from "undici";

export interface PoolSettings {
  readonly connect: buildConnector.connector;
  /** Connections to one origin at most; a request that finds none free waits. */
  readonly perOrigin: number;
  readonly idleMs?: number;
  readonly lifetimeMs?: number;
}

/** Shorter than the shortest that servers commonly wait without saying so, 5 s: then it is us who close. */
const IDLE_MS = 4_000;
/** What a server says of itself is believed up to here: a socket for each of ten thousand servers adds up. */
const LONGEST_IDLE_MS = 60_000;
/** So that a server which moves to another address is found there, however busy it is. */
const LIFETIME_MS = 5 * 60_000;

/**
 * A pool of connections for each origin, which goes when its last connection has closed. A connection carries one
 * request at a time, so that an attempt which hangs holds up no other; it is closed when idle for 4 s (longer where
 * the server says so) and replaced after 5 minutes.
 */
export function createConnectionPools(settings: PoolSettings): Agent {
  const { connect, perOrigin, idleMs = IDLE_MS, lifetimeMs = LIFETIME_MS } = settings;
  return new Agent({
    connect,
    connections: perOrigin,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: Math.max(idleMs, LONGEST_IDLE_MS),
    clientTtl: lifetimeMs,
    // The limits of an attempt cover both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
