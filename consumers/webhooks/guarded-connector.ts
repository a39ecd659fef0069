import { connect as connectTcp, isIP, type Socket } from "node:net";
import { buildConnector } from "undici";
import { RefusedAddress } from "./address-check.ts";
import { ConnectFailed, type ConnectPhase, TimeLimitReached } from "./failure-class.ts";
import type { Resolve, ResolvedAddress } from "./resolve-names.ts";

/** The longest time of each phase of a new connection, in milliseconds. */
export type ConnectLimits = { readonly [phase in ConnectPhase as `${phase}Ms`]: number };

export interface ConnectorSettings {
  readonly isAllowed: (address: string) => boolean;
  readonly resolve: Resolve;
  readonly limits: ConnectLimits;
}

/**
 * Opens connections only to addresses that are allowed. A name is resolved once, its addresses are vetted, and the
 * very addresses that passed are connected to, so that a name which changes between check and use gains nothing. A
 * literal address is vetted here, because no lookup is made for it. Refuses with RefusedAddress before a packet
 * leaves; a phase that fails or takes longer than its limit ends in ConnectFailed. HTTP/1.1 only: an attempt that is
 * cut off then closes no other attempt's connection.
 */
export function createGuardedConnector(settings: ConnectorSettings): buildConnector.connector {
  // No time limit of its own: it knows one only for TCP and TLS together. It keeps the sessions that make a second
  // handshake with the same server cheap.
  const secure = buildConnector({ timeout: 0, allowH2: false });
  return (options, callback) => {
    open(options, settings, secure).then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error, null),
    );
  };
}

async function open(
  options: buildConnector.Options,
  settings: ConnectorSettings,
  secure: buildConnector.connector,
): Promise<Socket> {
  const { dnsMs, connectMs, tlsMs } = settings.limits;
  const addresses = await addressesOf(options.hostname, settings, dnsMs);
  const plain = beginTcp(options, addresses);
  const giveUp = () => plain.destroy();
  await within({ phase: "connect", limitMs: connectMs, giveUp }, connected(plain));
  if (options.protocol !== "https:") return plain;
  return within({ phase: "tls", limitMs: tlsMs, giveUp }, secured({ ...options, httpSocket: plain }, secure));
}

/** The addresses of a host that may be connected to; at least one. */
async function addressesOf(
  hostname: string,
  { isAllowed, resolve }: ConnectorSettings,
  limitMs: number,
): Promise<readonly [ResolvedAddress, ...ResolvedAddress[]]> {
  const family = isIP(hostname);
  const asking = new AbortController();
  const phase = { phase: "dns", limitMs, giveUp: () => asking.abort() } as const;
  const found = family === 0 ? await within(phase, resolve(hostname, asking.signal)) : [{ address: hostname, family }];
  const [first, ...others] = found.filter(({ address }) => isAllowed(address));
  if (first === undefined) throw new RefusedAddress(found[0]?.address ?? hostname);
  return [first, ...others];
}

function beginTcp(
  { hostname, protocol, port }: buildConnector.Options,
  addresses: readonly [ResolvedAddress, ...ResolvedAddress[]],
): Socket {
  const socket = connectTcp({
    host: hostname,
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    keepAlive: true,
    noDelay: true,
    lookup: (_, { all }, callback) => {
      const [{ address, family }] = addresses;
      if (all) callback(null, [...addresses]);
      else callback(null, address, family);
    },
  });
  // Whoever uses the socket later listens too; until then an error must not end the process.
  return socket.on("error", () => undefined);
}

function connected(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve).once("error", reject);
  return promise;
}

function secured(options: buildConnector.Options, secure: buildConnector.connector): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  secure(options, (error, socket) => (error === null ? resolve(socket) : reject(error)));
  return promise;
}

interface PhaseLimit {
  readonly phase: ConnectPhase;
  readonly limitMs: number;
  /** Lets go of what was begun. */
  readonly giveUp: () => void;
}

/** What comes of a phase, or ConnectFailed as soon as it fails or its time is over. */
async function within<T>({ phase, limitMs, giveUp }: PhaseLimit, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimeLimitReached(limitMs)), limitMs);
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    giveUp();
    throw new ConnectFailed(phase, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
