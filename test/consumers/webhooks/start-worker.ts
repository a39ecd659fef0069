import { attemptDelivery } from "../../../consumers/webhooks/attempt-delivery.ts";
import { createDeliveryWorker, type DeliveryWorker } from "../../../consumers/webhooks/deliver.ts";
import { createPace } from "../../../consumers/webhooks/pace.ts";
import { createResultRecorder } from "../../../consumers/webhooks/record-results.ts";
import { createSender } from "../../../consumers/webhooks/send.ts";
import { systemClock } from "../../../runtime/clock.ts";
import type { Log } from "../../../runtime/log.ts";
import { liveSecrets, webhookSecrets } from "../../../storage/configuration/webhook-secrets.ts";
import { createDeliveryStore } from "../../../storage/delivery-store.ts";
import type { Database } from "../../../storage/orm.ts";
import type { Sealing } from "../../../storage/sealing.ts";
import { silent } from "./stage.ts";

export interface WorkerStage {
  readonly database: Database;
  readonly sealing: Sealing;
}

export interface WorkerOptions {
  readonly concurrency?: number;
  readonly perLane?: number;
  readonly leaseMs?: number;
  readonly timeoutMs?: number;
  readonly log?: Log;
}

export interface StartedWorker extends DeliveryWorker {
  /** How many attempts came to what. */
  readonly counts: Readonly<Record<string, number>>;
  /** Stops like a process that has no time left, unless told how much it has. */
  readonly end: (deadlineMs?: number) => Promise<void>;
}

/** A worker over real storage and real connections, running. */
export function startWorker({ database, sealing }: WorkerStage, options: WorkerOptions = {}): StartedWorker {
  const { concurrency = 16, perLane = 4, leaseMs = 45_000, timeoutMs = 5_000, log = silent } = options;
  const store = createDeliveryStore(database);
  const base = { clock: systemClock, random: Math.random, log };
  const sender = createSender({ timeoutMs, allowPrivateTargets: true, clock: systemClock, concurrency });
  const counts: Record<string, number> = {};
  const worker = createDeliveryWorker({
    ...{ ...base, store, concurrency, perLane, leaseMs },
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
  return {
    ...worker,
    counts,
    end: async (deadlineMs = 5_000) => {
      await worker.stop(deadlineMs);
      await sender.stop();
    },
  };
}
