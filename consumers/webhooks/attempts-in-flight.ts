import type { Clock } from "../../runtime/clock.ts";
import type { QuietLog } from "../../runtime/quiet-log.ts";
import type { ClaimedDelivery } from "../../storage/claimed-delivery.ts";
import type { DeliveryStore } from "../../storage/delivery-store.ts";

export interface AttemptsInFlightSettings {
  readonly store: Pick<DeliveryStore, "extend">;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly quiet: QuietLog;
}

/** The attempts of one process that have begun and not ended, and their claims. */
export interface AttemptsInFlight {
  /** Begins to extend the claims of attempts that take long. */
  readonly start: () => void;
  /** Keeps an attempt in mind until `done`, which never rejects. */
  readonly add: (delivery: ClaimedDelivery, done: Promise<void>) => void;
  readonly ids: () => readonly string[];
  readonly count: () => number;
  /** Whether all of them ended within so long; their claims are not extended any more afterwards. */
  readonly settleWithin: (deadlineMs: number) => Promise<boolean>;
}

/** A claim is extended whenever a quarter of its time has passed: three extensions may fail. */
const EXTENSIONS_PER_LEASE = 4;

interface InFlight {
  readonly fence: number;
  readonly sinceMs: number;
  readonly done: Promise<void>;
}

/** None yet. While Postgres is away claims end; then another worker may send the same again, and its result counts. */
export function createAttemptsInFlight(settings: AttemptsInFlightSettings): AttemptsInFlight {
  const { store, leaseMs, clock, quiet } = settings;
  const inFlight = new Map<string, InFlight>();
  let timer: NodeJS.Timeout | undefined;

  const extend = async () => {
    const beforeMs = clock() - leaseMs / EXTENSIONS_PER_LEASE;
    const old = [...inFlight].filter(([, { sinceMs }]) => sinceMs <= beforeMs);
    const leases = old.map(([deliveryId, { fence }]) => ({ deliveryId, fence }));
    if (leases.length === 0) return;
    await store.extend(leases, clock() + leaseMs).catch((error: unknown) => {
      quiet.warn({ error }, "Claims cannot be extended");
    });
  };
  return {
    start: () => {
      timer ??= setInterval(() => void extend(), leaseMs / EXTENSIONS_PER_LEASE);
    },
    add: ({ deliveryId, fence }, done) => {
      const ended = done.then(() => void inFlight.delete(deliveryId));
      inFlight.set(deliveryId, { fence, sinceMs: clock(), done: ended });
    },
    ids: () => [...inFlight.keys()],
    count: () => inFlight.size,
    settleWithin: async (deadlineMs) => {
      const { promise: deadline, resolve } = Promise.withResolvers<boolean>();
      const giveUp = setTimeout(() => resolve(false), deadlineMs);
      const all = Promise.all([...inFlight.values()].map(({ done }) => done)).then(() => true);
      const isDone = await Promise.race([all, deadline]);
      clearTimeout(giveUp);
      clearInterval(timer);
      return isDone;
    },
  };
}
