import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../support/until.ts";
import { answerWith, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";
import { createStage, keepDeliveries, type Stage, toEndpoint } from "./stage.ts";
import { type StartedWorker, startWorker } from "./start-worker.ts";

let stage: Stage;
let receiver: WebhookReceiver;
let worker: StartedWorker | undefined;

beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.stop());
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await worker?.end(0);
  worker = undefined;
  await receiver.stop();
  await stage.rows("delete from webhook_deliveries");
});

/** A user's deliveries to an endpoint, one for each sequence, as they arrived. */
function deliveriesOf(endpointId: string, userId: string, sequences: readonly number[]) {
  const url = `${receiver.url}/${userId}`;
  return sequences.map((sequence) =>
    toEndpoint(endpointId, { isStrict: true, userId, sequence, url, body: JSON.stringify({ userId, sequence }) }),
  );
}

const sequencesOf = (userId: string) =>
  receiver.received.flatMap(({ path, body }) => (path === `/${userId}` ? [JSON.parse(body).sequence as number] : []));
/** When the attempts for an endpoint began: right after their turn had come. */
const startsOf = async (endpointId: string) => {
  const rows = await stage.rows<{ at: number }>(
    `select (extract(epoch from started_at) * 1000)::float8 as at
     from webhook_attempts join webhook_deliveries using (delivery_id) where endpoint_id = $1`,
    [endpointId],
  );
  return rows.map(({ at }) => at);
};
const isSettled = async () => {
  const [row] = await stage.rows<{ open: number }>(
    "select count(*)::int as open from webhook_deliveries where status not in ('delivered', 'failed')",
  );
  return row?.open === 0;
};

describe("strict order", () => {
  test("bar 13 the next of a user waits until the one before is delivered; a failing user stops only itself", async () => {
    const { endpointId } = await stage.addEndpoint({ url: receiver.url, strictOrder: true, schedule: [50, 50] });
    let isFailing = true;
    receiver.reply((response, webhook) => {
      answerWith(webhook.path === "/user_acme_1" && isFailing ? 500 : 200)(response, webhook);
      if (webhook.path === "/user_acme_1") isFailing = false;
    });
    await keepDeliveries(stage, [
      ...deliveriesOf(endpointId, "user_acme_1", [1, 2, 3]),
      ...deliveriesOf(endpointId, "user_acme_2", [1, 2, 3]),
    ]);
    worker = startWorker(stage);
    await until("all are delivered", isSettled);
    expect(sequencesOf("user_acme_1")).toEqual([1, 1, 2, 3]);
    expect(sequencesOf("user_acme_2")).toEqual([1, 2, 3]);
    const before = receiver.received.findIndex(({ path, body }) => path === "/user_acme_1" && body.includes("2"));
    expect(receiver.received.slice(0, before).filter(({ path }) => path === "/user_acme_2").length).toBeGreaterThan(0);
  });

  test("bar 13 what is given up no longer holds up the rest", async () => {
    const { endpointId } = await stage.addEndpoint({ url: receiver.url, strictOrder: true, schedule: [] });
    receiver.reply((response, webhook) =>
      answerWith(webhook.body.includes('"sequence":1') ? 500 : 200)(response, webhook),
    );
    await keepDeliveries(stage, deliveriesOf(endpointId, "user_acme_1", [1, 2]));
    worker = startWorker(stage);
    await until("both are settled", isSettled);
    expect(sequencesOf("user_acme_1")).toEqual([1, 2]);
  });

  test("without it a user's deliveries go out side by side", async () => {
    const { endpointId } = await stage.addEndpoint({ url: receiver.url });
    const [started, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    receiver.reply((response, webhook) => {
      if (receiver.received.length === 3) started.resolve();
      void release.promise.then(() => answerWith(200)(response, webhook));
    });
    const deliveries = deliveriesOf(endpointId, "user_acme_1", [1, 2, 3]);
    await keepDeliveries(
      stage,
      deliveries.map((delivery) => ({ ...delivery, isStrict: false })),
    );
    worker = startWorker(stage);
    await started.promise;
    release.resolve();
    await until("all are delivered", isSettled);
  });
});

test("bar 11 an endpoint's own limit of attempts per second holds, and costs its neighbours nothing", async () => {
  const limited = await stage.addEndpoint({ url: receiver.url, rateLimit: 10 });
  const free = await stage.addEndpoint({ url: receiver.url });
  await keepDeliveries(stage, [
    ...deliveriesOf(limited.endpointId, "limited", [1, 2, 3, 4, 5, 6]),
    // As many as a lane has slots, and in no order: none of them has to wait for another.
    ...deliveriesOf(free.endpointId, "free", [1, 2, 3, 4]).map((delivery) => ({ ...delivery, isStrict: false })),
  ]);
  worker = startWorker(stage);
  await until("all are delivered", isSettled);
  const times = receiver.received.filter(({ path }) => path === "/limited").map(({ receivedAtMs }) => receivedAtMs);
  const unlimited = receiver.received.filter(({ path }) => path === "/free").map(({ receivedAtMs }) => receivedAtMs);
  const starts = await startsOf(limited.endpointId);
  expect(starts).toHaveLength(6);
  // Five gaps of a tenth of a second, less what the clocks' rounding takes.
  expect(Math.max(...starts) - Math.min(...starts)).toBeGreaterThanOrEqual(480);
  expect(Math.max(...unlimited)).toBeLessThan(Math.max(...times));
});
