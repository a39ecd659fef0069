import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { BROKERS_MODULE, keepLastBroker } from "../../messaging/kafkajs-brokers.ts";

interface Pool {
  brokers: Record<string, { readonly nodeId: string; readonly connectionPool: { host: string; port: number } }>;
  seedBroker: { readonly nodeId: string };
  metadataExpireAt: number | null;
  removeBroker: (address: { host: string; port: number }) => void;
}

const createPool = createRequire(import.meta.url)(BROKERS_MODULE) as { new (settings: object): Pool };

function poolOf(count: number): Pool {
  const logger = { namespace: () => ({}) };
  const pool = new createPool({ connectionPoolBuilder: {}, logger, retry: {}, metadataMaxAge: 300_000 });
  const broker = (id: number) => ({ nodeId: String(id), connectionPool: { host: "broker", port: id } });
  pool.brokers = Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), broker(index)]));
  pool.seedBroker = { nodeId: "0" };
  pool.metadataExpireAt = 1_800_000_000_000;
  return pool;
}

test("kafkajs forgets a broker whose connection was closed, and asks for new metadata; the last one it keeps", () => {
  keepLastBroker();
  keepLastBroker();
  const pool = poolOf(2);
  pool.removeBroker({ host: "broker", port: 0 });
  expect([Object.keys(pool.brokers), pool.metadataExpireAt]).toEqual([["1"], null]);
  pool.metadataExpireAt = 1_800_000_000_000;
  pool.removeBroker({ host: "broker", port: 1 });
  expect([Object.keys(pool.brokers), pool.metadataExpireAt]).toEqual([["1"], null]);
});
