import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  changeEndpoint,
  type EndpointChanges,
  removeEndpoint,
  rotateEndpointSecret,
} from "../../storage/configuration/webhook-endpoint-changes.ts";
import { findEndpoint } from "../../storage/configuration/webhook-endpoints.ts";
import { liveSecrets, rotateWebhookSecret, webhookSecrets } from "../../storage/configuration/webhook-secrets.ts";
import { createLaneStore } from "../../storage/lane-store.ts";
import { createStage, keepDeliveries, SCOPE, type Stage, toEndpoint } from "../consumers/webhooks/stage.ts";

const NOW = "2026-03-01T10:00:00.000Z";
const AN_HOUR_LATER = "2026-03-01T11:00:00.000Z";
const STRANGER = { partner: "globex", environment: "test" } as const;

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.stop());

const change = (endpointId: string, changes: EndpointChanges, scope: typeof SCOPE | typeof STRANGER = SCOPE) =>
  stage.database.em().transactional((unit) => changeEndpoint(unit, { scope, endpointId }, { changes, now: NOW }));
const statuses = async (endpointId: string) => {
  const sql = "select status, parked_at from webhook_deliveries where endpoint_id = $1 order by status, delivery_id";
  const rows = await stage.rows<{ status: string; parked_at: string | null }>(sql, [endpointId]);
  return rows.map(({ status, parked_at }) => [status, parked_at !== null]);
};

describe("changing an endpoint", () => {
  test("what is left out stays, null brings back the default", async () => {
    const { endpointId } = await stage.addEndpoint({
      url: "https://a.example/",
      rateLimit: 5,
      events: ["link.opened"],
    });
    const changed = await change(endpointId, { url: "https://b.example/", strictOrder: true });
    expect(changed).toMatchObject({ url: "https://b.example/", strictOrder: true, rateLimit: 5, updatedAt: NOW });
    expect(await change(endpointId, { events: null, rateLimit: null })).toMatchObject({
      events: null,
      rateLimit: null,
    });
    expect(await findEndpoint(stage.database.em(), SCOPE, endpointId)).toMatchObject({ url: "https://b.example/" });
  });

  test("another partner's and an unknown one are not there", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    expect(await change(endpointId, { url: "https://b.example/" }, STRANGER)).toBeNull();
    expect(await change("ep_acme_zzzzzzzzzzzz", {})).toBeNull();
    expect(await findEndpoint(stage.database.em(), SCOPE, endpointId)).toMatchObject({ url: "https://a.example/" });
  });

  /** What the webhooks consumer does after an endpoint was enabled or deleted. */
  const recover = async () => {
    const lanes = createLaneStore(stage.database);
    for (let step = 0; step < 5; step += 1) await lanes.release(Date.parse(NOW) + step * 250);
  };

  test("bar 11 paused, what waits and what comes is parked; enabled, all of it goes on, step by step", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await keepDeliveries(stage, [toEndpoint(endpointId)]);
    expect(await change(endpointId, { status: "paused" })).toMatchObject({ status: "paused" });
    await keepDeliveries(stage, [toEndpoint(endpointId, { isPaused: true })]);
    expect(await statuses(endpointId)).toEqual([
      ["parked", true],
      ["parked", true],
    ]);
    await change(endpointId, { status: "enabled" });
    await createLaneStore(stage.database).release(Date.parse(NOW));
    expect((await statuses(endpointId)).map(([status]) => status).sort()).toEqual(["parked", "pending"]);
    await recover();
    expect(await statuses(endpointId)).toEqual([
      ["pending", false],
      ["pending", false],
    ]);
  });

  test("enabling one that was disabled forgets why, and its streak of failures", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await stage.rows(
      `update webhook_endpoints set status = 'disabled', disabled_reason = 'gone', disabled_at = $2, failing_since = $2,
         failed_deliveries = 7 where endpoint_id = $1`,
      [endpointId, NOW],
    );
    expect(await change(endpointId, { description: "still" })).toMatchObject({
      status: "disabled",
      failedDeliveries: 7,
    });
    const enabled = { status: "enabled", disabledReason: null, failingSince: null, failedDeliveries: 0 };
    expect(await change(endpointId, { status: "enabled" })).toMatchObject(enabled);
  });

  test("deleted, it is gone at once; what waited is due, to fail as receiver_removed", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await keepDeliveries(stage, [toEndpoint(endpointId, { isPaused: true })]);
    const remove = (scope: typeof SCOPE | typeof STRANGER) =>
      stage.database.em().transactional((unit) => removeEndpoint(unit, { scope, endpointId }, NOW));
    expect(await remove(STRANGER)).toBe(false);
    expect([await remove(SCOPE), await remove(SCOPE)]).toEqual([true, false]);
    expect(await findEndpoint(stage.database.em(), SCOPE, endpointId)).toBeNull();
    await recover();
    expect(await statuses(endpointId)).toEqual([["pending", false]]);
  });

  test("bar 13 what waits goes by the order that is wished for now", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    await keepDeliveries(stage, [toEndpoint(endpointId), toEndpoint(endpointId, { userId: null })]);
    const strict = async () => {
      const sql = "select is_strict from webhook_deliveries where endpoint_id = $1 order by user_id";
      return (await stage.rows<{ is_strict: boolean }>(sql, [endpointId])).map(({ is_strict }) => is_strict);
    };
    await change(endpointId, { strictOrder: true });
    expect(await strict()).toEqual([true, false]);
    await change(endpointId, { strictOrder: false });
    expect(await strict()).toEqual([false, false]);
  });
});

describe("rotating a secret", () => {
  const rotate = (endpointId: string, now: string, overlapHours: number) =>
    stage.database
      .em()
      .transactional((unit) =>
        rotateEndpointSecret(unit, { scope: SCOPE, endpointId }, { sealing: stage.sealing, now, overlapHours }),
      );
  const live = async (endpointId: string, now: string) => {
    const sql = "select sealed_secrets from webhook_endpoints where endpoint_id = $1";
    const [row] = await stage.rows<{ sealed_secrets: [] }>(sql, [endpointId]);
    return liveSecrets(row?.sealed_secrets ?? [], { sealing: stage.sealing, now });
  };

  test("the new one signs first, the old one for as long as it was said, and no longer", async () => {
    const { endpointId, secret: first } = await stage.addEndpoint({ url: "https://a.example/" });
    const second = await rotate(endpointId, NOW, 1);
    expect(second).toMatchObject({ createdAt: NOW, previousExpiresAt: AN_HOUR_LATER });
    expect(await live(endpointId, "2026-03-01T10:59:59.999Z")).toEqual([second?.secret, first]);
    expect(await live(endpointId, AN_HOUR_LATER)).toEqual([second?.secret]);
  });

  test("without an overlap the old one stops at once; a longer overlap later revives nothing", async () => {
    const { endpointId, secret: first } = await stage.addEndpoint({ url: "https://a.example/" });
    const second = await rotate(endpointId, NOW, 0);
    expect(second?.previousExpiresAt).toBeNull();
    const third = await rotate(endpointId, NOW, 168);
    expect(await live(endpointId, NOW)).toEqual([third?.secret, second?.secret]);
    expect(await live(endpointId, NOW)).not.toContain(first);
  });

  test("at most ten sign at a time", async () => {
    const { endpointId } = await stage.addEndpoint({ url: "https://a.example/" });
    for (let made = 0; made < 12; made += 1) await rotate(endpointId, NOW, 24);
    expect(await live(endpointId, NOW)).toHaveLength(10);
  });

  test("a partner's own, also as the first thing that is asked of it", async () => {
    const moment = { sealing: stage.sealing, now: NOW, overlapHours: 24 };
    const unit = stage.database.em();
    const rotated = await unit.transactional((inside) => rotateWebhookSecret(inside, SCOPE, moment));
    expect(rotated.previousExpiresAt).toBeNull();
    const again = await unit.transactional((inside) => rotateWebhookSecret(inside, SCOPE, moment));
    expect(await webhookSecrets(unit, SCOPE, moment)).toEqual([again.secret, rotated.secret]);
  });
});
