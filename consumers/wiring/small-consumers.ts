import { topicName } from "../../schemas/topics.ts";
import { storeParked } from "../../storage/configuration/parked-messages.ts";
import { addressesOfAttempts, addressesOfOperations } from "../../storage/queries/addresses.ts";
import { countOverdue } from "../../storage/queries/overdue-counts.ts";
import { countUsersByState } from "../../storage/queries/user-counts.ts";
import { createCipResults } from "../cip-results.ts";
import { createOperationUpdates } from "../operation-updates.ts";
import { createParked } from "../parked.ts";
import { createSandboxCip } from "../sandbox/cip.ts";
import { createSandboxPayments } from "../sandbox/payments.ts";
import { gaugeOverdue } from "../timers/overdue-gauge.ts";
import { gaugeUsers } from "../timers/user-gauge.ts";
import { createTimers } from "../timers.ts";
import { groupSettings } from "./group-settings.ts";
import type { Consumer, Shared } from "./shared.ts";

/** Turns what the CIP system reports into commands. */
export function wireCipResults(shared: Shared): Consumer {
  const { codec, publisher, database } = shared;
  return createCipResults({
    consumer: groupSettings(shared, "cip-results", "cipResults"),
    ...{ codec, publisher },
    findAddresses: (attemptIds) => addressesOfAttempts(database.em(), attemptIds),
  });
}

/** Turns what the payment system reports into commands. */
export function wireOperationUpdates(shared: Shared): Consumer {
  const { codec, publisher, database } = shared;
  return createOperationUpdates({
    consumer: groupSettings(shared, "operation-updates", "operationUpdates"),
    ...{ codec, publisher },
    findAddresses: (operationIds) => addressesOfOperations(database.em(), operationIds),
  });
}

/** Keeps what was parked where operators find it. */
export function wireParked(shared: Shared): Consumer {
  const { codec, publisher, database } = shared;
  return createParked({
    consumer: groupSettings(shared, "parked", "parked"),
    ...{ codec, publisher },
    store: (messages) => storeParked(database.em(), messages),
  });
}

/** Publishes commands about what is due. */
export function wireTimers(shared: Shared): Consumer {
  const { config, database, publisher, clock, log, metrics } = shared;
  gaugeUsers({ metrics, clock, count: () => countUsersByState(database.em()) });
  gaugeOverdue({ metrics, clock, count: (now) => countOverdue(database.em(), now) });
  return createTimers({
    ...{ database, publisher, clock, log, metrics },
    intervalMs: config.timerIntervalMs,
    heldResultHours: config.heldResultHours,
    retention: { attemptDays: config.attemptRetentionDays, deliveryDays: config.deliveryRetentionDays },
    commandTopic: topicName(config.topicPrefix, "userCommands"),
  });
}

/** Both played systems, the CIP and the payment one, as one consumer. */
export function wireSandbox(shared: Shared): Consumer {
  const { config, codec, publisher } = shared;
  const common = { codec, publisher, delayMs: config.sandboxDelayMs };
  const players = [
    createSandboxCip({ ...common, consumer: groupSettings(shared, "sandbox-cip", "cipRequests") }),
    createSandboxPayments({ ...common, consumer: groupSettings(shared, "sandbox-payments", "operationRequests") }),
  ];
  return {
    name: "sandbox",
    start: async () => void (await Promise.all(players.map((player) => player.start()))),
    stop: async () => void (await Promise.all(players.map((player) => player.stop()))),
    checks: Object.assign({}, ...players.map(({ checks }) => checks)),
  };
}
