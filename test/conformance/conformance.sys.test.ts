import { afterAll, beforeAll, expect, test } from "vitest";
import { type Receiver, startReceiver } from "../../conformance/receiver.ts";
import { runConformance } from "../../conformance/run.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
let receiver: Receiver;

beforeAll(async () => {
  system = await startSystem();
  receiver = await startReceiver(0);
});
afterAll(async () => {
  await receiver.close();
  await system.stop();
});

test("the whole system does what the partner documentation says", async () => {
  const [own, other] = await Promise.all([system.newPartner(), system.newPartner()]);
  const settings = { url: system.gatewayUrl, key: own.apiKey, otherKey: other.apiKey, receiver, only: null };
  const results = await runConformance(settings, () => undefined);
  expect(results.filter(({ outcome }) => outcome !== "met")).toEqual([]);
  expect(results.length).toBeGreaterThan(200);
}, 180_000);
