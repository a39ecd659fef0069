import { afterAll, beforeAll, expect, test } from "vitest";
import { kills } from "../../../bench/webhooks/bars/kills.ts";
import { type Services, startServices } from "../../../bench/webhooks/own-stack.ts";

let services: Services;

beforeAll(async () => {
  services = await startServices();
});

afterAll(() => services.stop());

// What is still under way after the kills may take two minutes by itself.
test("bars 4 and 5 worker, gateway, Postgres, Redis and broker killed -9 under load: nothing accepted is lost, duplicates stay below what was in flight", async () => {
  const { bars } = await kills.run({ services, kills: 1, minutes: 0, say: () => undefined });
  expect(bars.map(({ bar }) => bar)).toEqual([4, 5]);
  expect(bars.filter(({ isMet }) => !isMet)).toEqual([]);
}, 300_000);
