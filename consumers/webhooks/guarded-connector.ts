import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { RefusedAddress } from "./address-check.ts";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds the addresses of a host name, as the machine's resolver does. Rejects when it has none. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface ConnectorSettings {
  readonly isAllowed: (address: string) => boolean;
  readonly resolve: Resolve;
  /** Longest time for name, TCP and TLS together. */
  readonly timeoutMs: number;
}

/**
 * Opens connections only to addresses that are allowed. A name is resolved once, its addresses are vetted, and the
 * very addresses that passed are connected to, so that a name which changes between check and use gains nothing. A
 * literal address is vetted here, because no lookup is made for it. Refuses with RefusedAddress before a packet
 * leaves. HTTP/1.1 only: an attempt that is cut off then closes no other attempt's connection.
 */
export function createGuardedConnector(settings: ConnectorSettings): buildConnector.connector {
  const connect = buildConnector({ timeout: settings.timeoutMs, allowH2: false, lookup: vettingLookup(settings) });
  return (options, callback) => {
    const { hostname } = options;
    if (isIP(hostname) !== 0 && !settings.isAllowed(hostname)) {
      process.nextTick(callback, new RefusedAddress(hostname), null);
      return;
    }
    connect(options, callback);
  };
}

function vettingLookup({ isAllowed, resolve }: ConnectorSettings): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const allowed = addresses.filter(({ address }) => isAllowed(address));
        const [first] = allowed;
        if (first === undefined) callback(new RefusedAddress(addresses[0]?.address ?? hostname), []);
        else if (options.all) callback(null, [...allowed]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };
}
