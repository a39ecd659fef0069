import { attemptDelivery } from "../../../consumers/webhooks/attempt-delivery.ts";
import { createDeliveryWorker, type DeliveryWorker } from "../../../consumers/webhooks/deliver.ts";
import { createLanes, type Lanes } from "../../../consumers/webhooks/lanes.ts";
import { createPace } from "../../../consumers/webhooks/pace.ts";
import { createResultRecorder } from "../../../consumers/webhooks/record-results.ts";
import { createSender } from "../../../consumers/webhooks/send.ts";
import { createLaneKeeper } from "../../../consumers/webhooks/tend-lanes.ts";
import { systemClock } from "../../../runtime/clock.ts";
import type { Log } from "../../../runtime/log.ts";
import { createMetrics } from "../../../runtime/metrics.ts";
import { liveSecrets, webhookSecrets } from "../../../storage/configuration/webhook-secrets.ts";
import { createDeliveryStore } from "../../../storage/delivery-store.ts";
import { createLaneStore } from "../../../storage/lane-store.ts";
import type { Database } from "../../../storage/orm.ts";
import type { Sealing } from "../../../storage/sealing.ts";
import { silent } from "./stage.ts";

export interface WorkerStage {
  readonly database: Database;
  readonly sealing: Sealing;
}

export interface WorkerOptions {
  readonly concurrency?: number;
  readonly leaseMs?: number;
  readonly timeoutMs?: number;
  readonly maxParkedMs?: number;
  readonly log?: Log;
}

export interface StartedWorker extends DeliveryWorker {
  /** How many attempts came to what. */
  readonly counts: Readonly<Record<string, number>>;
  readonly lanes: Lanes;
  /** Stops like a process that has no time left, unless told how much it has. */
  readonly end: (deadlineMs?: number) => Promise<void>;
}

/** A worker over real storage and real connections, running, with the keeper of its lanes. */
export function startWorker({ database, sealing }: WorkerStage, options: WorkerOptions = {}): StartedWorker {
  const { concurrency = 16, leaseMs = 45_000, timeoutMs = 5_000, maxParkedMs = 3_600_000, log = silent } = options;
  const store = createDeliveryStore(database);
  const base = { clock: systemClock, random: Math.random, log };
  const sender = createSender({ timeoutMs, allowPrivateTargets: true, clock: systemClock, concurrency });
  const lanes = createLanes(concurrency, systemClock);
  const metrics = createMetrics("test");
  const keeper = createLaneKeeper({
    ...{ ...base, store: createLaneStore(database), lanes, worker: () => worker, leaseMs, maxParkedMs, metrics },
  });
  const counts: Record<string, number> = {};
  const worker: DeliveryWorker = createDeliveryWorker({
    ...{ ...base, store, lanes, heard: keeper.heard, leaseMs },
    recorder: createResultRecorder({ ...base, store }),
    pace: createPace(systemClock),
    attempt: (delivery) =>
      attemptDelivery(delivery, {
        ...{ ...base, sender },
        secretsOf: async ({ sealedSecrets, partner, environment }) => {
          const moment = { sealing, now: new Date().toISOString() };
          return sealedSecrets.length > 0
            ? liveSecrets(sealedSecrets, moment)
            : webhookSecrets(database.em(), { partner, environment }, moment);
        },
      }),
    count: (outcome) => {
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    },
  });
  worker.start();
  keeper.start();
  return {
    ...worker,
    ...{ counts, lanes },
    end: async (deadlineMs = 5_000) => {
      await Promise.all([worker.stop(deadlineMs), keeper.stop()]);
      await sender.stop();
    },
  };
}
