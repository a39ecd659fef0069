import { type Finding, fine, wrong } from "./finding.ts";

/** A clock that says whole seconds, asked over a network, may seem to be off by this. */
const TOLERATED_MS = 2_000;

/** How far another clock is from ours; it was read at some moment between the two of ours. Epoch milliseconds. */
export function compareClocks(
  name: string,
  theirs: number,
  { sentAt, answeredAt }: { readonly sentAt: number; readonly answeredAt: number },
): Finding {
  if (Number.isNaN(theirs)) return wrong(name, "tells no time", "See what answers there");
  const skewMs = theirs < sentAt ? theirs - sentAt : Math.max(0, theirs - answeredAt);
  if (Math.abs(skewMs) <= TOLERATED_MS) return fine(name, "agrees with this machine's");
  const detail = `${(Math.abs(skewMs) / 1_000).toFixed(1)} s ${skewMs < 0 ? "behind" : "ahead of"} this machine's`;
  return wrong(name, detail, "Set both by NTP: signatures, expiry and rate limits go by the clock");
}
