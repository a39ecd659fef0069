import { afterAll, beforeAll, expect, test } from "vitest";
import type { FailureClass } from "../../domain/webhook/verdict.ts";
import { findEndpoint } from "../../storage/configuration/webhook-endpoints.ts";
import type { AttemptResult } from "../../storage/delivery-store.ts";
import { createEndpointHealth, type EndpointHealth } from "../../storage/endpoint-health.ts";
import { createStage, keepDeliveries, SCOPE, type Stage, toEndpoint } from "../consumers/webhooks/stage.ts";

const START_MS = Date.parse("2026-03-01T10:00:00.000Z");
const at = (seconds: number) => new Date(START_MS + seconds * 1_000).toISOString();

let stage: Stage;
let health: EndpointHealth;
beforeAll(async () => {
  stage = await createStage();
  health = createEndpointHealth(stage.database);
});
afterAll(() => stage.stop());

const find = (endpointId: string) => findEndpoint(stage.database.em(), SCOPE, endpointId);

interface Came {
  readonly seconds: number;
  readonly failureClass: FailureClass | null;
  readonly number?: number;
}

/** What an attempt of a delivery of its own came to. */
async function came(endpointId: string, { seconds, failureClass, number = 1 }: Came): Promise<AttemptResult> {
  const delivery = toEndpoint(endpointId);
  await keepDeliveries(stage, [delivery]);
  const answered = { durationMs: 5, statusCode: null, answerExcerpt: null };
  const next = failureClass === null ? ({ kind: "delivered", atMs: START_MS } as const) : ({ kind: "failed" } as const);
  return {
    ...{ deliveryId: delivery.deliveryId, fence: 1, number, startedAtMs: START_MS + seconds * 1_000, failureClass },
    ...{ ...answered, next },
  };
}

test("a streak begins with the first failure, counts deliveries and not attempts, and ends with a success", async () => {
  const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
  const failing = await health.note([
    await came(endpointId, { seconds: 1, failureClass: "timeout" }),
    await came(endpointId, { seconds: 2, failureClass: "http_5xx" }),
    await came(endpointId, { seconds: 3, failureClass: "http_5xx", number: 2 }),
  ]);
  expect(failing).toEqual([
    { endpointId, sinceMs: START_MS + 1_000, failedDeliveries: 2, warnedPercent: 0, isGone: false },
  ]);
  await health.warned(endpointId, 50);
  const [longer] = await health.note([await came(endpointId, { seconds: 9, failureClass: "dns" })]);
  expect(longer).toMatchObject({ sinceMs: START_MS + 1_000, failedDeliveries: 3, warnedPercent: 50 });
  expect(await find(endpointId)).toMatchObject({ failingSince: at(1), failedDeliveries: 3, lastSuccessAt: null });

  expect(await health.note([await came(endpointId, { seconds: 10, failureClass: null })])).toEqual([]);
  expect(await find(endpointId)).toMatchObject({ failingSince: null, failedDeliveries: 0, lastSuccessAt: at(10) });
  const [anew] = await health.note([await came(endpointId, { seconds: 11, failureClass: "dns" })]);
  expect(anew).toMatchObject({ sinceMs: START_MS + 11_000, failedDeliveries: 1, warnedPercent: 0 });
});

test("an endpoint that does well is not written for every delivery", async () => {
  const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
  for (const seconds of [1, 5, 10]) await health.note([await came(endpointId, { seconds, failureClass: null })]);
  expect(await find(endpointId)).toMatchObject({ lastSuccessAt: at(1) });
  await health.note([await came(endpointId, { seconds: 12, failureClass: null })]);
  expect(await find(endpointId)).toMatchObject({ lastSuccessAt: at(12) });
});

test("disabled once, with the reason; what waits for it is parked, and nobody is told of it any more", async () => {
  const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
  await keepDeliveries(stage, [toEndpoint(endpointId)]);
  const [gone] = await health.note([await came(endpointId, { seconds: 1, failureClass: "gone" })]);
  expect(gone).toMatchObject({ endpointId, isGone: true });
  expect(await health.disable(endpointId, "It answered 410.", START_MS)).toBe(true);
  expect(await health.disable(endpointId, "again", START_MS)).toBe(false);
  expect(await find(endpointId)).toMatchObject({ status: "disabled", disabledReason: "It answered 410." });
  const waiting = await stage.rows("select distinct status from webhook_deliveries where endpoint_id = $1", [
    endpointId,
  ]);
  expect(waiting).toEqual([{ status: "parked" }]);
  expect(await health.note([await came(endpointId, { seconds: 2, failureClass: "gone" })])).toEqual([]);
});

test("deliveries to a link's callbackUrl say nothing of any endpoint", async () => {
  const delivery = toEndpoint("none", { receiver: { kind: "link", id: "link_1" }, linkId: "link_1" });
  await keepDeliveries(stage, [delivery]);
  const result = await came("ep_acme_unknown", { seconds: 1, failureClass: "gone" });
  expect(await health.note([{ ...result, deliveryId: delivery.deliveryId }])).toEqual([]);
});
