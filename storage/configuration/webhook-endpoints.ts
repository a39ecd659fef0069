import { type EntityManager, type InferEntity, LockMode } from "@mikro-orm/postgresql";
import { laneOf } from "../../domain/webhook/lanes.ts";
import { newId } from "../../runtime/ids.ts";
import { PartnerEntity } from "../entities/partner.ts";
import { WebhookEndpointEntity } from "../entities/webhook-endpoint.ts";
import { type LaneState, WebhookLaneEntity } from "../entities/webhook-lane.ts";
import type { Scope } from "../scope.ts";
import type { Sealing } from "../sealing.ts";
import { newSecret, sealSecret } from "./webhook-secrets.ts";

/** A partner may have so many endpoints per environment. */
export const MAX_ENDPOINTS = 100;

/** An endpoint as its partner sees it; the secret is never part of it. */
export interface WebhookEndpoint {
  readonly endpointId: string;
  readonly url: string;
  /** Null: every event. */
  readonly events: readonly string[] | null;
  readonly description: string | null;
  readonly status: "enabled" | "paused" | "disabled";
  readonly disabledReason: string | null;
  /** Delays before each further attempt, in milliseconds; null: the documented ones. */
  readonly schedule: readonly number[] | null;
  /** Attempts per second; null: no limit. */
  readonly rateLimit: number | null;
  /** One delivery of a user at a time, in the order of the events. */
  readonly strictOrder: boolean;
  /** When the present streak of failures began; null when the last delivery succeeded or there was none. */
  readonly failingSince: string | null;
  /** How many deliveries failed in that streak. */
  readonly failedDeliveries: number;
  readonly lastSuccessAt: string | null;
  readonly lane: EndpointLane;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** How its deliveries get on. */
export interface EndpointLane {
  /** `open`: its receiver is away and what is due is parked; `recovering`: what was parked is let go step by step. */
  readonly state: LaneState | "flowing";
  /** Null while it flows. */
  readonly since: string | null;
  /** When one delivery asks whether the receiver is back; null unless the lane is open. */
  readonly nextProbeAt: string | null;
}

export type NewEndpoint = Pick<
  WebhookEndpoint,
  "url" | "events" | "description" | "schedule" | "rateLimit" | "strictOrder"
>;

/** The endpoint with its secret, which is shown only here; null when the partner has as many as it may have. */
export type CreatedEndpoint = { readonly endpoint: WebhookEndpoint; readonly secret: string } | null;

/** Adds an enabled endpoint; the very next command sees it. The url must have been checked. */
export async function createEndpoint(
  em: EntityManager,
  { scope, endpoint }: { scope: Scope; endpoint: NewEndpoint },
  moment: { readonly sealing: Sealing; readonly now: string },
): Promise<CreatedEndpoint> {
  return em.transactional(async (unit) => {
    // One at a time per partner, so that two at once cannot both be the hundredth.
    await unit.findOneOrFail(PartnerEntity, { slug: scope.partner }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const existing = await unit.count(WebhookEndpointEntity, { ...own(scope), deletedAt: null });
    if (existing >= MAX_ENDPOINTS) return null;
    const secret = newSecret();
    const at = new Date(moment.now);
    const row = unit.create(WebhookEndpointEntity, {
      ...endpoint,
      endpointId: newId("ep", scope.partner),
      partner: scope.partner,
      environment: scope.environment,
      status: "enabled",
      disabledReason: null,
      sealedSecrets: [sealSecret(secret, moment)],
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    });
    unit.persist(row);
    await unit.flush();
    return { endpoint: toEndpoint(row, FLOWING), secret };
  });
}

/** A partner's endpoints, newest first; disabled ones too, deleted ones not. */
export async function listEndpoints(em: EntityManager, scope: Scope): Promise<readonly WebhookEndpoint[]> {
  const orderBy = { createdAt: "desc", endpointId: "desc" } as const;
  const rows = await em.find(WebhookEndpointEntity, { ...own(scope), deletedAt: null }, { orderBy });
  return withLanes(em, rows);
}

/** One of a partner's endpoints; null when it is another partner's, deleted or unknown. */
export async function findEndpoint(
  em: EntityManager,
  scope: Scope,
  endpointId: string,
): Promise<WebhookEndpoint | null> {
  const row = await em.findOne(WebhookEndpointEntity, { ...own(scope), endpointId, deletedAt: null });
  const [endpoint = null] = await withLanes(em, row === null ? [] : [row]);
  return endpoint;
}

const FLOWING: EndpointLane = { state: "flowing", since: null, nextProbeAt: null };

type EndpointRow = InferEntity<typeof WebhookEndpointEntity>;

async function withLanes(em: EntityManager, rows: readonly EndpointRow[]): Promise<readonly WebhookEndpoint[]> {
  const nameOf = ({ endpointId }: EndpointRow) => laneOf({ kind: "endpoint", endpointId });
  // Other processes and statements change these rows: never from memory.
  const found = await em.find(WebhookLaneEntity, { lane: rows.map(nameOf) }, { refresh: true });
  const lanes = new Map(found.map((row) => [row.lane, toLane(row)]));
  return rows.map((row) => toEndpoint(row, lanes.get(nameOf(row)) ?? FLOWING));
}

function toLane({ state, since, nextAt }: InferEntity<typeof WebhookLaneEntity>): EndpointLane {
  return { state, since: since.toISOString(), nextProbeAt: state === "open" ? nextAt.toISOString() : null };
}

/** A row as the partner sees it. */
function toEndpoint(row: EndpointRow, lane: EndpointLane): WebhookEndpoint {
  const { endpointId, url, status, strictOrder, failedDeliveries, createdAt, updatedAt } = row;
  return {
    endpointId,
    url,
    events: row.events ?? null,
    description: row.description ?? null,
    status,
    disabledReason: row.disabledReason ?? null,
    schedule: row.schedule ?? null,
    rateLimit: row.rateLimit ?? null,
    strictOrder,
    failingSince: row.failingSince?.toISOString() ?? null,
    failedDeliveries,
    lastSuccessAt: row.lastSuccessAt?.toISOString() ?? null,
    lane,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** Callers hand over more than a scope, such as a key; a condition must not know it. */
export function own({ partner, environment }: Scope): Scope {
  return { partner, environment };
}
