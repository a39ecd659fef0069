import type { Environment } from "../user/user.ts";

/** Whom a delivery goes to, as far as its neighbours are concerned. */
export type LaneMember =
  | { readonly kind: "endpoint"; readonly endpointId: string }
  | { readonly kind: "link"; readonly partner: string; readonly environment: Environment; readonly url: string };

/**
 * The lane of a delivery: deliveries in one lane share its slots, so that a receiver that hangs holds up only itself.
 * An endpoint is a lane of its own. Links are not, since a partner may name the same dead server in a thousand of
 * them: their lane is the server that the callbackUrl names.
 */
export function laneOf(member: LaneMember): string {
  if (member.kind === "endpoint") return `endpoint:${member.endpointId}`;
  const origin = URL.parse(member.url)?.origin ?? member.url;
  return `callback:${member.partner}/${member.environment}/${origin}`;
}
