import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DeliverySearch, listWebhookDeliveries } from "../../../storage/queries/webhook-deliveries.ts";
import { createStage, keepDeliveries, SCOPE, type Stage, toEndpoint } from "../../consumers/webhooks/stage.ts";

const START_MS = Date.parse("2026-01-01T00:00:00.000Z");
const ALL: DeliverySearch = { endpointId: null, status: null, event: null, cursor: null, limit: 20 };

let stage: Stage;
let ids: readonly string[];

beforeAll(async () => {
  stage = await createStage();
  const deliveries = Array.from({ length: 7 }, (_, index) =>
    toEndpoint(index % 2 === 0 ? "ep_even" : "ep_odd", {
      eventType: index < 3 ? "user.created" : "link.created",
      linkId: index < 3 ? null : "link_1",
      // Three share their moment, so that the order between them is by id.
      atMs: START_MS + (index < 3 ? 0 : index * 1_000),
    }),
  );
  await keepDeliveries(stage, deliveries);
  const sorted = [...deliveries].sort((a, b) => b.atMs - a.atMs || (a.deliveryId < b.deliveryId ? 1 : -1));
  ids = sorted.map(({ deliveryId }) => deliveryId);
  await keepDeliveries(stage, [
    toEndpoint("ep_even", { partner: "other" }),
    toEndpoint("ep_even", { environment: "live" }),
  ]);
});

afterAll(() => stage.stop());

const list = async (search: Partial<DeliverySearch> = {}, scope: Parameters<typeof listWebhookDeliveries>[1] = SCOPE) =>
  (await listWebhookDeliveries(stage.database.em(), scope, { ...ALL, ...search }))!;

const idsOf = (page: { items: readonly { deliveryId: string }[] }) => page.items.map(({ deliveryId }) => deliveryId);

test("newest first, ties by id, only the partner's own of this environment", async () => {
  const page = await list();
  expect(idsOf(page)).toEqual(ids);
  expect(page.nextCursor).toBeNull();
  expect((await list({}, { partner: "nobody", environment: "test" })).items).toEqual([]);
});

test("pages follow each other without a gap or a repetition", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ limit: 2, cursor });
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...idsOf(page));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(ids);
});

test("a last page that is exactly full says that it is the last", async () => {
  expect((await list({ limit: 7 })).nextCursor).toBeNull();
});

const cursorOf = (text: string) => Buffer.from(text).toString("base64url");

test.each(["nonsense", "", cursorOf("2026-13-01T00:00:00.000Z dlv_1"), cursorOf("2026-02-30T00:00:00.000Z dlv_1")])(
  "a cursor that is none of ours is refused: %j",
  async (cursor) => {
    expect(await listWebhookDeliveries(stage.database.em(), SCOPE, { ...ALL, cursor })).toBeNull();
  },
);

test("filters by endpoint, status and event, together too", async () => {
  expect((await list({ endpointId: "ep_even" })).items).toHaveLength(4);
  expect((await list({ event: "user.created" })).items).toHaveLength(3);
  expect((await list({ endpointId: "ep_odd", event: "user.created" })).items).toHaveLength(1);
  expect((await list({ status: "pending" })).items).toHaveLength(7);
  expect((await list({ status: "no such status" })).items).toEqual([]);
});

describe("H6 a delivery", () => {
  test("that failed stays listed, with its attempts in order", async () => {
    const [deliveryId] = ids;
    for (const [number, next] of [
      [1, { kind: "retry", dueAtMs: START_MS }],
      [2, { kind: "failed" }],
    ] as const) {
      const rooms = { first: 100, retry: 100, replay: 100 };
      const claim = { nowMs: Date.now(), leaseMs: 1_000, limit: 100, rooms, laneRooms: [], otherLanesRoom: 100 };
      const claimed = await stage.store.claim({ ...claim, inFlight: [] });
      const { fence } = claimed.find((one) => one.deliveryId === deliveryId)!;
      const timeout = { statusCode: null, failureClass: "timeout", answerExcerpt: null } as const;
      const answer = { statusCode: 500, failureClass: "http_5xx", answerExcerpt: "sorry" } as const;
      const came = number === 1 ? timeout : answer;
      const startedAtMs = START_MS + number * 1_000;
      await stage.store.record([
        { deliveryId: deliveryId!, fence, number, startedAtMs, durationMs: 30, ...came, next },
      ]);
      await stage.rows(
        "update webhook_deliveries set status = 'pending', lease_until = null where status = 'delivering'",
      );
    }
    const [shown] = (await list({ status: "failed" })).items;
    expect(shown).toEqual({
      deliveryId,
      eventId: expect.stringMatching(/^evt_/),
      event: "link.created",
      url: "https://partner.example/hooks",
      endpointId: "ep_even",
      linkId: "link_1",
      status: "failed",
      ...{ cause: "event", replayId: null, parkedAt: null },
      createdAt: "2026-01-01T00:00:06.000Z",
      deliveredAt: null,
      nextAttemptAt: null,
      attempts: [
        {
          ...{ number: 1, at: "2026-01-01T00:00:01.000Z", durationMs: 30, status: null, answer: null },
          ...{
            error: "timeout",
            explanation: "No complete answer came within 30 seconds; answer first, then do the work",
          },
        },
        {
          ...{ number: 2, at: "2026-01-01T00:00:02.000Z", durationMs: 30, status: 500, answer: "sorry" },
          ...{ error: "http_5xx", explanation: "The answer was a status from 500 to 599" },
        },
      ],
    });
  });

  test("that waits says when its next attempt is due", async () => {
    const [shown] = (await list({ event: "user.created" })).items;
    expect(shown).toMatchObject({ status: "pending", nextAttemptAt: "2026-01-01T00:00:00.000Z", attempts: [] });
  });
});
