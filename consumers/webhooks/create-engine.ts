import type { Clock } from "../../runtime/clock.ts";
import type { Config } from "../../runtime/config.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { ClaimedDelivery } from "../../storage/claimed-delivery.ts";
import { liveSecrets, webhookSecrets } from "../../storage/configuration/webhook-secrets.ts";
import { createDeliveryStore, type DeliveryStore } from "../../storage/delivery-store.ts";
import { createEndpointHealth } from "../../storage/endpoint-health.ts";
import { createLaneStore } from "../../storage/lane-store.ts";
import type { Database } from "../../storage/orm.ts";
import { createSealing } from "../../storage/sealing.ts";
import { attemptDelivery } from "./attempt-delivery.ts";
import { createDeliveryWorker, type DeliveryWorker } from "./deliver.ts";
import { createEndpointJudge, type EndpointJudge } from "./judge-endpoints.ts";
import { createLanes, type Lanes } from "./lanes.ts";
import { createDeliveryMeasures } from "./measure-deliveries.ts";
import { createPace } from "./pace.ts";
import { createResultRecorder } from "./record-results.ts";
import { createSender } from "./send.ts";
import { createLaneKeeper } from "./tend-lanes.ts";

export interface EngineDependencies {
  readonly config: Config;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
}

/** What sends deliveries: the slots of this process, and who uses them. */
export interface Engine {
  readonly worker: DeliveryWorker;
  readonly lanes: Lanes;
  readonly start: () => void;
  /** Says that something may be due, or a lane may recover. */
  readonly wake: () => void;
  /** Begins no attempts any more, and waits so long for those in flight. */
  readonly stop: (deadlineMs: number) => Promise<void>;
}

const HOUR_MS = 3_600_000;

/** A dead worker's deliveries are taken over after so long; a living one extends its claims. */
export const LEASE_MS = 20_000;

/** Wires the engine up; nothing is sent before `start`. */
export function createEngine(dependencies: EngineDependencies): Engine {
  const { config, database, metrics, log, clock } = dependencies;
  const { webhookTimeoutMs: timeoutMs, allowPrivateTargets, webhookConcurrency: concurrency } = config;
  const random = Math.random;
  const sender = createSender({ timeoutMs, allowPrivateTargets, clock, concurrency });
  const lanes = createLanes(concurrency, clock);
  const store = createDeliveryStore(database);
  const keeper = createLaneKeeper({
    ...{ store: createLaneStore(database), lanes, worker: () => worker, leaseMs: LEASE_MS },
    ...{ maxParkedMs: config.maxParkedHours * HOUR_MS, clock, random, metrics, log },
  });
  const judge = wireJudge(dependencies);
  const tools = { sender, secretsOf: createSecretsOf(dependencies), clock, random };
  const worker: DeliveryWorker = createDeliveryWorker({
    ...{ store, lanes, heard: keeper.heard, leaseMs: LEASE_MS, clock, random, log },
    attempt: (delivery) => attemptDelivery(delivery, tools),
    recorder: createResultRecorder({ store: judgedBy(judge, store), clock, random, log }),
    pace: createPace(clock),
    count: (outcome) => metrics.deliveries.inc({ class: outcome }),
    measures: createDeliveryMeasures(metrics),
  });
  tellBacklog({ store, lanes, metrics, clock });
  return {
    ...{ worker, lanes },
    start: () => {
      worker.start();
      keeper.start();
    },
    wake: () => {
      keeper.wake();
      worker.wake();
    },
    stop: async (deadlineMs) => {
      await Promise.all([keeper.stop(), worker.stop(deadlineMs)]);
      await Promise.all([sender.stop(), judge.stop()]);
    },
  };
}

interface BacklogSource {
  readonly store: Pick<DeliveryStore, "backlog">;
  readonly lanes: Pick<Lanes, "inUse" | "countStates">;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

function tellBacklog({ store, lanes, metrics, clock }: BacklogSource): void {
  const { deliveriesDue, deliveriesOldestDue, deliveriesParked, attemptsInFlight } = metrics;
  metrics.beforeScrape({
    name: "deliveries due",
    gauges: [deliveriesDue, deliveriesOldestDue, deliveriesParked],
    read: async () => {
      const { due, oldestMs, parked } = await store.backlog(clock());
      for (const [state, count] of Object.entries(due)) deliveriesDue.set({ lanes: state }, count);
      deliveriesOldestDue.set(oldestMs / 1_000);
      deliveriesParked.set(parked);
    },
  });
  metrics.beforeScrape({
    name: "lanes",
    gauges: [attemptsInFlight, metrics.lanes],
    read: async () => {
      for (const [slotClass, count] of Object.entries(lanes.inUse())) attemptsInFlight.set({ class: slotClass }, count);
      for (const [state, count] of Object.entries(lanes.countStates())) metrics.lanes.set({ state }, count);
    },
  });
}

/** Results that counted are also what endpoints are judged by. */
function judgedBy(judge: EndpointJudge, store: DeliveryStore): Pick<DeliveryStore, "record"> {
  return {
    record: async (results) => {
      const counted = await store.record(results);
      await judge.hear(results.filter(({ deliveryId }) => counted.has(deliveryId)));
      return counted;
    },
  };
}

function wireJudge({ config, database, clock, metrics, log }: EngineDependencies): EndpointJudge {
  const limits = { afterMs: config.disableAfterHours * HOUR_MS, deliveries: config.disableAfterDeliveries };
  return createEndpointJudge({ health: createEndpointHealth(database), limits, clock, log, metrics });
}

/** An endpoint's secrets come with the claim, and so do a partner's; the partner's first one is made when it is needed. */
function createSecretsOf({ config, database, clock }: EngineDependencies) {
  const sealing = createSealing(config.serverSecret);
  return async ({ sealedSecrets, partner, environment }: ClaimedDelivery): Promise<readonly string[]> => {
    const moment = { sealing, now: new Date(clock()).toISOString() };
    if (sealedSecrets.length > 0) return liveSecrets(sealedSecrets, moment);
    return webhookSecrets(database.em(), { partner, environment }, moment);
  };
}
