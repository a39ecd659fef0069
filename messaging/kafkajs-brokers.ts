import { replaceMethod } from "./kafkajs-methods.ts";

/** Where kafkajs 2.2.4 keeps the brokers that it knows. */
export const BROKERS_MODULE = "kafkajs/src/cluster/brokerPool.js";

/** What is used here of kafkajs's BrokerPool. */
interface Brokers {
  readonly brokers: Readonly<Record<string, unknown>>;
  /** Null: the metadata is asked for again before it is next used. */
  metadataExpireAt: number | null;
}

type RemoveBroker = (this: Brokers, address: { readonly host: string; readonly port: number }) => void;

/**
 * Lets the clients of this process keep the last broker that they know. kafkajs forgets one whose connection was closed, and
 * a consumer that knows none ends for good: it gives up its place in the group, and after an outage whoever takes it has to
 * wait until the session of the lost one ends. With the last one kept the consumer asks for new metadata, and goes on as
 * soon as one of the configured brokers answers (docs/decisions/0062).
 */
export function keepLastBroker(): void {
  replaceMethod<RemoveBroker>(
    { module: BROKERS_MODULE, name: "removeBroker" },
    (original) =>
      function (address) {
        if (Object.keys(this.brokers).length > 1) original.call(this, address);
        else this.metadataExpireAt = null;
      },
  );
}
