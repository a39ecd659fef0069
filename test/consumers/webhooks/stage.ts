import { randomBytes } from "node:crypto";
import { laneOf } from "../../../domain/webhook/lanes.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { createLog, type Log } from "../../../runtime/log.ts";
import { createPartner } from "../../../storage/configuration/partners.ts";
import { createEndpoint, type NewEndpoint } from "../../../storage/configuration/webhook-endpoints.ts";
import { createDeliveryStore, type DeliveryStore } from "../../../storage/delivery-store.ts";
import {
  type ArrivalPlan,
  type ArrivedEvent,
  createDeliveryArrivals,
  type DeliveryArrivals,
} from "../../../storage/delivery-store-arrivals.ts";
import type { NewDelivery } from "../../../storage/insert-deliveries.ts";
import type { Database } from "../../../storage/orm.ts";
import { createSealing, type Sealing } from "../../../storage/sealing.ts";
import { runSql } from "../../../storage/sql.ts";
import { beginProgress } from "../../../storage/user-store/progress.ts";
import { freshDatabase } from "../../support/database.ts";

export const PARTNER = "acme";
export const SCOPE = { partner: PARTNER, environment: "test" } as const;
export const CLUSTER = "a-cluster";
export const SERVER_SECRET = "a server secret of the tests, long enough";
export const TOPIC = "user-events";

/** A database of a test file's own with one partner, and what webhooks need of storage. */
export interface Stage {
  readonly databaseUrl: string;
  readonly database: Database;
  readonly sealing: Sealing;
  readonly store: DeliveryStore;
  readonly arrivals: DeliveryArrivals;
  readonly log: Log;
  readonly addEndpoint: (
    endpoint: Partial<NewEndpoint> & { url: string },
  ) => Promise<{ endpointId: string; secret: string }>;
  /** Adds a user with a link. */
  readonly addLink: (link: { linkId: string; callbackUrl: string | null }) => Promise<void>;
  readonly rows: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  readonly stop: () => Promise<void>;
}

const NO_WISHES = { events: null, description: null, schedule: null, rateLimit: null, strictOrder: false };

export const silent = createLog({ level: "silent", component: "test" });

/** On the run's Postgres, or on the one whose address is given. */
export async function createStage(server: { readonly databaseUrl?: string } = {}): Promise<Stage> {
  const { database, url: databaseUrl, drop } = await freshDatabase(server);
  const sealing = createSealing(SERVER_SECRET);
  const now = () => new Date(systemClock()).toISOString();
  await createPartner(database.em(), { slug: PARTNER, name: "Acme" }, now());
  const rows: Stage["rows"] = (sql, parameters = []) => runSql(database.em(), sql, parameters);
  return {
    databaseUrl,
    database,
    sealing,
    store: createDeliveryStore(database),
    arrivals: createDeliveryArrivals(database),
    log: silent,
    addEndpoint: async (endpoint) => {
      const whole = { ...NO_WISHES, ...endpoint };
      const created = await createEndpoint(database.em(), { scope: SCOPE, endpoint: whole }, { sealing, now: now() });
      return { endpointId: created!.endpoint.endpointId, secret: created!.secret };
    },
    addLink: async ({ linkId, callbackUrl }) => {
      await rows(ADD_USER, [`user_${linkId}`, PARTNER, `ref-${linkId}`, now()]);
      const expiresAt = new Date(systemClock() + 3_600_000).toISOString();
      await rows(ADD_LINK, [linkId, `user_${linkId}`, PARTNER, `ref-${linkId}`, now(), expiresAt, callbackUrl]);
    },
    rows,
    stop: drop,
  };
}

const ADD_USER = `
  insert into users (user_id, partner, environment, reference_id, state, version, last_sequence, last_at, created_at,
    updated_at, assertions, "values", winners, cip, last_confirmed)
  values ($1, $2, 'test', $3, 'pending', 1, 1, $4, $4, $4, '{}', '{}', '{}', '{}', '{}')`;

const ADD_LINK = `
  insert into links (link_id, user_id, partner, environment, reference_id, status, created_at, expires_at,
    widget_version, flow, callback_url)
  values ($1, $2, $3, 'test', $4, 'created', $5, $6, 0, 'm2m-basic', $7)`;

/** Says that a partition may be worked on from an offset. */
export async function beginPartition({ database }: Stage, partition = 0, nextOffset = 0n): Promise<void> {
  await beginProgress(database.em(), { topic: TOPIC, partition, clusterId: CLUSTER, nextOffset });
}

/** An event of the partner at an offset. */
export function arrived(offset: bigint, linkId: string | null = null): ArrivedEvent {
  return { offset, ...SCOPE, linkId };
}

/** A delivery to an endpoint; everything that does not matter is made up. */
export function toEndpoint(endpointId: string, changes: Partial<NewDelivery> = {}): NewDelivery {
  const id = randomBytes(6).toString("hex");
  return {
    deliveryId: `dlv_acme_${id}`,
    eventId: `evt_acme_${id}`,
    receiver: { kind: "endpoint", id: endpointId },
    lane: laneOf({ kind: "endpoint", endpointId }),
    ...SCOPE,
    linkId: null,
    url: "https://partner.example/hooks",
    eventType: "user.created",
    body: `{"id":"evt_acme_${id}"}`,
    sequence: 1,
    userId: "user_acme_1",
    referenceId: "ref-1",
    traceparent: null,
    cause: "event",
    replayId: null,
    isPaused: false,
    isStrict: false,
    rateLimit: null,
    atMs: systemClock(),
    ...changes,
  };
}

let nextPartition = 1_000;

/** Puts deliveries into the table, as if their events had arrived. */
export async function keepDeliveries(stage: Stage, deliveries: readonly NewDelivery[]): Promise<void> {
  const partition = nextPartition;
  nextPartition += 1;
  await beginPartition(stage, partition);
  const arrival = { topic: TOPIC, partition, clusterId: CLUSTER, firstOffset: 0n, nextOffset: 1n };
  await stage.arrivals.keep(
    { ...arrival, events: [arrived(0n)] },
    planOf(() => deliveries),
  );
}

type DeliveriesOf<Event extends ArrivedEvent> = (
  event: Event,
  audience: Parameters<ArrivalPlan<Event>["deliveriesOf"]>[1],
) => readonly (NewDelivery & { readonly isTaken?: boolean })[];

/** A plan that takes nothing along unless a delivery says so; claims hold for a minute. */
export function planOf<Event extends ArrivedEvent = ArrivedEvent>(
  deliveriesOf: DeliveriesOf<Event>,
): ArrivalPlan<Event> {
  return {
    leaseUntilMs: systemClock() + 60_000,
    deliveriesOf: (event, audience, openLanes) =>
      deliveriesOf(event, audience).map((delivery) => ({
        ...{ isTaken: false, isLaneOpen: openLanes.has(delivery.lane) },
        ...delivery,
      })),
  };
}
