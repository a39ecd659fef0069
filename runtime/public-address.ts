import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The part of IPv6 that is handed out to the public internet; all of ::/96, fc00::/7, 5f00::/16 … lies outside. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/** Public by number, but answered by the cloud that a machine runs in: the host's own agent. */
const CLOUD_AGENTS: readonly string[] = ["168.63.129.16"];

/**
 * Whether an IP address is on the public internet: no private, loopback, link-local, shared, benchmarking, reserved,
 * multicast or documentation range, no form that carries another address inside (IPv4-mapped, 6to4, NAT64, Teredo),
 * no address of a cloud's metadata. What is not an IP address is not public.
 */
export function isPublicAddress(address: string): boolean {
  // Node's own word on what an address is, because Node connects: ipaddr.js also reads "1.2.3" and octal numbers.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast" || CLOUD_AGENTS.includes(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/**
 * The private address that a URL names literally; null when it names a public one, a host name, or is no URL. Names are
 * judged by the addresses they lead to, at every connect; `localhost` leads to no other.
 */
export function privateAddressIn(url: string): string | null {
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$|\.$/g, "") ?? "";
  if (host === "localhost" || host.endsWith(".localhost")) return host;
  return isIP(host) !== 0 && !isPublicAddress(host) ? host : null;
}
