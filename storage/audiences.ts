import type { EntityManager } from "@mikro-orm/postgresql";
import type { Environment } from "../domain/user/user.ts";
import type { Audience } from "../domain/webhook/subscriptions.ts";
import type { EndpointTarget, EventWorld } from "../domain/webhook/targets.ts";
import { runSql } from "./sql.ts";

/** An event, as far as the question of who receives it goes. */
export interface EventOfPartner extends EventWorld {
  /** The link that the event names, if any. */
  readonly linkId: string | null;
}

/**
 * Who could receive each of these events: the endpoints that are not disabled, and the callbackUrl of its link. Two
 * queries, however many events there are.
 */
export async function loadAudiences(
  em: EntityManager,
  events: readonly EventOfPartner[],
): Promise<(event: EventOfPartner) => Audience<EndpointTarget>> {
  const partners = [...new Set(events.map(({ partner }) => partner))];
  const linkIds = [...new Set(events.flatMap(({ linkId }) => linkId ?? []))];
  if (partners.length === 0) return () => ({ endpoints: [], callbackUrl: null });
  const rows = await runSql<EndpointRow>(em, ENDPOINTS, [partners]);
  const callbacks = linkIds.length === 0 ? [] : await runSql<CallbackRow>(em, CALLBACKS, [linkIds]);
  const callbackOf = new Map(callbacks.map((row) => [row.link_id, row.callback_url]));
  const endpointsOf = Map.groupBy(rows, ({ partner, environment }) => `${partner}/${environment}`);
  return ({ partner, environment, linkId }) => ({
    endpoints: (endpointsOf.get(`${partner}/${environment}`) ?? []).map(toTarget),
    callbackUrl: callbackOf.get(linkId ?? "") ?? null,
  });
}

interface EndpointRow {
  readonly endpoint_id: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly url: string;
  readonly events: readonly string[] | null;
  readonly status: "enabled" | "paused";
}

interface CallbackRow {
  readonly link_id: string;
  readonly callback_url: string;
}

const ENDPOINTS = `
  select endpoint_id, partner, environment, url, events, status from webhook_endpoints
  where partner = any($1) and status <> 'disabled' and deleted_at is null
  order by created_at, endpoint_id`;

const CALLBACKS = "select link_id, callback_url from links where link_id = any($1) and callback_url is not null";

function toTarget({ endpoint_id: endpointId, url, events, status }: EndpointRow): EndpointTarget {
  return { endpointId, url, events, isPaused: status === "paused" };
}
