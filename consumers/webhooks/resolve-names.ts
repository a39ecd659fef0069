import { lookup, Resolver } from "node:dns/promises";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds the addresses of a host name. Rejects when it has none. May end as soon as `signal` says that nobody waits. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly ResolvedAddress[]>;

/** As every program of this machine does it, hosts file included: for the local stack, whose names stand there. */
export const resolveByMachine: Resolve = (hostname) => lookup(hostname, { all: true });

export interface DnsSettings {
  /** Asked instead of the machine's name servers, as `address:port`. */
  readonly servers?: readonly string[];
  /** How long the caller waits. */
  readonly limitMs: number;
}

/** The part of the limit after which a server that does not answer is asked again. */
const ASK_AGAIN = 0.2;
/** The part of it after which no further answer is waited for. */
const GIVE_UP = 0.9;

/**
 * Asks the name servers, for IPv4 and IPv6 at once; when time is nearly over, what one of the two answered is enough.
 * The machine's own way to resolve takes one of four threads that the whole process shares, and keeps it until the
 * servers answer: four names whose servers hang would stop everybody else's connections. These questions take no
 * thread, and end when they are given up.
 */
export function createDnsResolve({ servers, limitMs }: DnsSettings): Resolve {
  const timing = { timeout: Math.max(1, Math.floor(limitMs * ASK_AGAIN)), tries: 2 };
  return async (hostname, signal) => {
    // One for each call, since giving up ends all questions of a resolver, and since it reads the servers anew.
    const resolver = new Resolver(timing);
    if (servers !== undefined) resolver.setServers(servers);
    const giveUp = () => resolver.cancel();
    const timer = setTimeout(giveUp, limitMs * GIVE_UP);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await bothFamilies(resolver, hostname);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
    }
  };
}

async function bothFamilies(resolver: Resolver, hostname: string): Promise<readonly ResolvedAddress[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [...addressesIn(four, 4), ...addressesIn(six, 6)];
  if (found.length === 0 && four.status === "rejected") throw four.reason;
  return found;
}

function addressesIn(answer: PromiseSettledResult<string[]>, family: number): readonly ResolvedAddress[] {
  return answer.status === "rejected" ? [] : answer.value.map((address) => ({ address, family }));
}
