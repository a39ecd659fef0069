import type { EntityManager } from "@mikro-orm/postgresql";
import type { Environment } from "../domain/user/user.ts";
import type { Audience } from "../domain/webhook/subscriptions.ts";
import type { EndpointTarget, EventWorld } from "../domain/webhook/targets.ts";
import { toWishes, type Wishes } from "./claimed-delivery.ts";
import type { SealedSecret } from "./entities/webhook-endpoint.ts";
import { runTogether, type Statement } from "./sql.ts";

/** An event, as far as the question of who receives it goes. */
export interface EventOfPartner extends EventWorld {
  /** The link that the event names, if any. */
  readonly linkId: string | null;
}

/** Who could receive an event: the endpoints that are not disabled, and the callbackUrl of its link. */
export type AudienceOf = (event: EventOfPartner) => Audience<EndpointTarget>;

/** Who could receive each of these events, in one round trip, however many there are. */
export async function loadAudiences(em: EntityManager, events: readonly EventOfPartner[]): Promise<AudienceOf> {
  const [endpoints, callbacks] = await runTogether(em, [endpointsStatement(events), callbacksStatement(events)]);
  return audiencesFrom(endpoints, callbacks);
}

/** All endpoints of the partners of these events; null when there are no events. */
export function endpointsStatement(events: readonly EventOfPartner[]): Statement<EndpointRow> | null {
  const partners = [...new Set(events.map(({ partner }) => partner))];
  return partners.length === 0 ? null : { sql: ENDPOINTS, parameters: [partners] };
}

/** The callbackUrls of the links that these events name; null when they name none. */
export function callbacksStatement(events: readonly EventOfPartner[]): Statement<CallbackRow> | null {
  const linkIds = [...new Set(events.flatMap(({ linkId }) => linkId ?? []))];
  return linkIds.length === 0 ? null : { sql: CALLBACKS, parameters: [linkIds] };
}

/** What the endpoints among these wish of their deliveries, by endpoint. */
export function wishesFrom(endpoints: readonly EndpointRow[]): ReadonlyMap<string, Wishes> {
  return new Map(endpoints.map((row) => [row.endpoint_id, toWishes({ ...row, is_removed: false })]));
}

/** Puts together what the two statements gave. */
export function audiencesFrom(endpoints: readonly EndpointRow[], callbacks: readonly CallbackRow[]): AudienceOf {
  const callbackOf = new Map(callbacks.map((row) => [row.link_id, row.callback_url]));
  const endpointsOf = Map.groupBy(endpoints, ({ partner, environment }) => `${partner}/${environment}`);
  const targetsOf = new Map([...endpointsOf].map(([world, rows]) => [world, rows.map(toTarget)]));
  return ({ partner, environment, linkId }) => ({
    endpoints: targetsOf.get(`${partner}/${environment}`) ?? [],
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
  readonly strict_order: boolean;
  readonly rate_limit: number | null;
  readonly schedule: readonly number[] | null;
  readonly sealed_secrets: readonly SealedSecret[];
}

interface CallbackRow {
  readonly link_id: string;
  readonly callback_url: string;
}

const ENDPOINTS = `
  select endpoint_id, partner, environment, url, events, status, strict_order, rate_limit, schedule,
    sealed_secrets
  from webhook_endpoints
  where partner = any($1) and status <> 'disabled' and deleted_at is null
  order by created_at, endpoint_id`;

const CALLBACKS = "select link_id, callback_url from links where link_id = any($1) and callback_url is not null";

function toTarget(row: EndpointRow): EndpointTarget {
  const { endpoint_id: endpointId, url, events, status, strict_order: isStrict, rate_limit: rateLimit } = row;
  return { endpointId, url, events, isPaused: status === "paused", isStrict, rateLimit };
}
