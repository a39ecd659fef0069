import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Audience } from "../../domain/webhook/subscriptions.ts";
import type { EndpointTarget } from "../../domain/webhook/targets.ts";
import {
  arrived,
  beginPartition,
  CLUSTER,
  createStage,
  planOf,
  type Stage,
  TOPIC,
  toEndpoint,
} from "../consumers/webhooks/stage.ts";

let stage: Stage;
let partition = 0;

beforeAll(async () => {
  stage = await createStage();
});

afterAll(() => stage.stop());

beforeEach(async () => {
  partition += 1;
  await beginPartition(stage, partition, 10n);
});

const batch = (firstOffset: bigint, nextOffset: bigint) => ({
  topic: TOPIC,
  partition,
  clusterId: CLUSTER,
  firstOffset,
  nextOffset,
  events: Array.from({ length: Number(nextOffset - firstOffset) }, (_, index) => arrived(firstOffset + BigInt(index))),
});

const nextOffset = async () => {
  const [row] = await stage.rows<{ next_offset: string }>(
    "select next_offset from consumer_progress where partition = $1",
    [partition],
  );
  return BigInt(row!.next_offset);
};

test("deliveries and the offset are kept together", async () => {
  const delivery = toEndpoint("ep_acme_1");
  const kept = await stage.arrivals.keep(
    batch(10n, 12n),
    planOf(({ offset }) => (offset === 11n ? [delivery] : [])),
  );
  expect(kept).toEqual({
    kind: "kept",
    inserted: [{ deliveryId: delivery.deliveryId, status: "pending" }],
    wishes: new Map(),
    nextOffset: 12n,
  });
  expect(await nextOffset()).toBe(12n);
  const rows = await stage.rows("select * from webhook_deliveries where delivery_id = $1", [delivery.deliveryId]);
  expect(rows).toMatchObject([
    { receiver: "endpoint:ep_acme_1", status: "pending", attempts: 0, fence: 0, body: delivery.body },
  ]);
});

test("a delivery that cannot be kept takes the offset back with it", async () => {
  const broken = toEndpoint("ep_acme_1", { environment: "nowhere" as "test" });
  await expect(
    stage.arrivals.keep(
      batch(10n, 11n),
      planOf(() => [toEndpoint("ep_acme_1"), broken]),
    ),
  ).rejects.toThrow();
  expect(await nextOffset()).toBe(10n);
});

test("an event that comes again makes no second delivery, whatever its offset", async () => {
  const first = toEndpoint("ep_acme_1");
  const again = { ...toEndpoint("ep_acme_1"), eventId: first.eventId };
  const other = { ...toEndpoint("ep_acme_2"), eventId: first.eventId };
  expect(
    await stage.arrivals.keep(
      batch(10n, 11n),
      planOf(() => [first]),
    ),
  ).toMatchObject({ inserted: [{ status: "pending" }] });
  expect(
    await stage.arrivals.keep(
      batch(11n, 12n),
      planOf(() => [again, other]),
    ),
  ).toMatchObject({ inserted: [{ status: "pending" }] });
});

test("messages that were kept before are skipped, also inside a batch", async () => {
  const seen: bigint[] = [];
  const note = ({ offset }: { offset: bigint }) => {
    seen.push(offset);
    return [];
  };
  await stage.arrivals.keep(batch(10n, 13n), planOf(note));
  expect(await stage.arrivals.keep(batch(10n, 13n), planOf(note))).toMatchObject({ kind: "kept", nextOffset: 13n });
  expect(await stage.arrivals.keep(batch(11n, 15n), planOf(note))).toMatchObject({ kind: "kept", nextOffset: 15n });
  expect(seen).toEqual([10n, 11n, 12n, 13n, 14n]);
});

test("a gap is never kept", async () => {
  expect(
    await stage.arrivals.keep(
      batch(11n, 12n),
      planOf(() => []),
    ),
  ).toEqual({ kind: "gap", nextOffset: 10n });
  expect(await nextOffset()).toBe(10n);
});

test("a partition of another cluster, or of nobody, is not admitted", async () => {
  const foreign = { ...batch(10n, 11n), clusterId: "another-cluster" };
  expect(
    await stage.arrivals.keep(
      foreign,
      planOf(() => []),
    ),
  ).toEqual({ kind: "not_admitted" });
  expect(
    await stage.arrivals.keep(
      { ...foreign, partition: 999 },
      planOf(() => []),
    ),
  ).toEqual({ kind: "not_admitted" });
});

test("a second owner waits for the first, then finds its messages kept", async () => {
  const deliveries = [toEndpoint("ep_acme_1"), toEndpoint("ep_acme_1")];
  const results = await Promise.all(
    deliveries.map((delivery) =>
      stage.arrivals.keep(
        batch(10n, 11n),
        planOf(() => [delivery]),
      ),
    ),
  );
  expect(results.map((one) => (one.kind === "kept" ? one.inserted.length : one.kind)).sort()).toEqual([0, 1]);
});

test("an event meets the endpoints of its partner and environment that are not disabled, and its link's callbackUrl", async () => {
  const first = await stage.addEndpoint({ url: "https://partner.example/1", events: ["link.created"] });
  const second = await stage.addEndpoint({ url: "https://partner.example/2" });
  const gone = await stage.addEndpoint({ url: "https://partner.example/3" });
  await stage.rows("update webhook_endpoints set deleted_at = now() where endpoint_id = $1", [gone.endpointId]);
  const disabled = await stage.addEndpoint({ url: "https://partner.example/4" });
  await stage.rows("update webhook_endpoints set status = 'disabled' where endpoint_id = $1", [disabled.endpointId]);
  const paused = await stage.addEndpoint({ url: "https://partner.example/5" });
  await stage.rows("update webhook_endpoints set status = 'paused' where endpoint_id = $1", [paused.endpointId]);
  await stage.addLink({ linkId: "link_with", callbackUrl: "https://partner.example/callback" });
  await stage.addLink({ linkId: "link_without", callbackUrl: null });
  const audiences: Audience<EndpointTarget>[] = [];
  const events = [
    arrived(10n, "link_with"),
    arrived(11n, "link_without"),
    { ...arrived(12n), environment: "live" as const },
    { ...arrived(13n), partner: "other" },
  ];
  await stage.arrivals.keep(
    { ...batch(10n, 14n), events },
    planOf((_, audience) => {
      audiences.push(audience);
      return [];
    }),
  );
  const none = { isStrict: false, rateLimit: null };
  const endpoints = [
    {
      endpointId: first.endpointId,
      url: "https://partner.example/1",
      events: ["link.created"],
      isPaused: false,
      ...none,
    },
    { endpointId: second.endpointId, url: "https://partner.example/2", events: null, isPaused: false, ...none },
    { endpointId: paused.endpointId, url: "https://partner.example/5", events: null, isPaused: true, ...none },
  ];
  expect(audiences).toEqual([
    { endpoints, callbackUrl: "https://partner.example/callback" },
    { endpoints, callbackUrl: null },
    { endpoints: [], callbackUrl: null },
    { endpoints: [], callbackUrl: null },
  ]);
});
