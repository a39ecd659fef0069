import { beforeAll, describe, expect, test } from "vitest";
import { createPartner } from "../../storage/configuration/partners.ts";
import {
  createEndpoint,
  findEndpoint,
  listEndpoints,
  MAX_ENDPOINTS,
  type NewEndpoint,
} from "../../storage/configuration/webhook-endpoints.ts";
import { liveSecrets, newSecret, sealSecret, webhookSecrets } from "../../storage/configuration/webhook-secrets.ts";
import type { Scope } from "../../storage/scope.ts";
import { createSealing } from "../../storage/sealing.ts";
import { countChanged, runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { CREATED_AT, LATER } from "./rows.ts";

const { em } = useDatabase();
const sealing = createSealing("a server secret of at least 32 characters");
const moment = { sealing, now: CREATED_AT };
const endpoint: NewEndpoint = {
  url: "https://partner.example/hooks?a=1",
  events: ["link.created"],
  description: "what's this?",
  schedule: [1_000, 2_000],
  rateLimit: 10,
  strictOrder: true,
};
const bare: NewEndpoint = {
  url: "https://partner.example/",
  events: null,
  description: null,
  schedule: null,
  rateLimit: null,
  strictOrder: false,
};
const FLOWING = { state: "flowing", since: null, nextProbeAt: null };
const world = (partner: string, environment: Scope["environment"] = "test"): Scope => ({ partner, environment });

beforeAll(async () => {
  for (const slug of ["hooks", "crowd", "others", "secrets"]) {
    await createPartner(em(), { slug, name: slug }, CREATED_AT);
  }
});

describe("endpoints", () => {
  test("a new endpoint is enabled, shows its secret once and keeps it sealed", async () => {
    const scope = world("hooks");
    const created = await createEndpoint(em(), { scope, endpoint }, moment);
    expect(created?.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(created?.endpoint).toEqual({
      ...endpoint,
      endpointId: expect.stringMatching(/^ep_hooks_[a-z0-9]{12}$/),
      ...{ status: "enabled", disabledReason: null, createdAt: CREATED_AT, updatedAt: CREATED_AT },
      ...{ failingSince: null, failedDeliveries: 0, lastSuccessAt: null, lane: FLOWING },
    });
    const endpointId = created?.endpoint.endpointId ?? "";
    expect(await findEndpoint(em(), scope, endpointId)).toEqual(created?.endpoint);
    const [row] = await runSql<{ sealed_secrets: [] }>(em(), "select * from webhook_endpoints where endpoint_id = $1", [
      endpointId,
    ]);
    expect(JSON.stringify(row)).not.toContain(created?.secret.slice(6, 30));
    expect(liveSecrets(row?.sealed_secrets ?? [], moment)).toEqual([created?.secret]);
  });

  test("newest first; nobody sees another partner's, another environment's or deleted ones", async () => {
    const scope = world("others");
    const first = await createEndpoint(em(), { scope, endpoint: bare }, moment);
    const second = await createEndpoint(em(), { scope, endpoint: bare }, { sealing, now: LATER });
    const deleted = await createEndpoint(em(), { scope, endpoint: bare }, moment);
    await countChanged(em(), "update webhook_endpoints set deleted_at = now() where endpoint_id = $1", [
      deleted?.endpoint.endpointId,
    ]);
    expect(await listEndpoints(em(), scope)).toEqual([second?.endpoint, first?.endpoint]);
    expect(await listEndpoints(em(), world("others", "live"))).toEqual([]);
    const id = first?.endpoint.endpointId ?? "";
    expect(await findEndpoint(em(), world("hooks"), id)).toBeNull();
    expect(await findEndpoint(em(), world("others", "live"), id)).toBeNull();
    expect(await findEndpoint(em(), scope, deleted?.endpoint.endpointId ?? "")).toBeNull();
  });

  test("bar 11 an endpoint shows whether its deliveries are parked, and when its receiver is asked next", async () => {
    const scope = world("hooks", "live");
    const endpointId = (await createEndpoint(em(), { scope, endpoint: bare }, moment))?.endpoint.endpointId ?? "";
    const other = (await createEndpoint(em(), { scope, endpoint: bare }, moment))?.endpoint.endpointId ?? "";
    const laneNow = async () => (await findEndpoint(em(), scope, endpointId))?.lane;
    expect(await laneNow()).toEqual(FLOWING);
    await countChanged(em(), "insert into webhook_lanes (lane, state, since, next_at) values ($1, 'open', $2, $3)", [
      `endpoint:${endpointId}`,
      CREATED_AT,
      LATER,
    ]);
    const open = { state: "open", since: CREATED_AT, nextProbeAt: LATER };
    expect(await laneNow()).toEqual(open);
    const listed = await listEndpoints(em(), scope);
    const laneOfListed = (id: string) => listed.find((one) => one.endpointId === id)?.lane;
    expect([laneOfListed(endpointId), laneOfListed(other)]).toEqual([open, FLOWING]);
    await countChanged(em(), "update webhook_lanes set state = 'recovering' where lane = $1", [
      `endpoint:${endpointId}`,
    ]);
    expect(await laneNow()).toEqual({ state: "recovering", since: CREATED_AT, nextProbeAt: null });
  });

  test("a partner gets a hundred, also when it asks for many at once", async () => {
    const scope = world("crowd");
    const ask = () => createEndpoint(em(), { scope, endpoint: bare }, moment);
    // Never more at once than there are connections: whoever waits for one too long fails.
    const atOnce = (count: number) => Promise.all(Array.from({ length: count }, ask));
    for (let made = 0; made < MAX_ENDPOINTS - 5; made += 5) expect(await atOnce(5)).not.toContain(null);
    expect((await atOnce(10)).filter((one) => one === null)).toHaveLength(5);
    expect(await listEndpoints(em(), scope)).toHaveLength(MAX_ENDPOINTS);
    expect(await createEndpoint(em(), { scope: world("crowd", "live"), endpoint: bare }, moment)).not.toBeNull();
  });
});

describe("secrets", () => {
  test("a partner's secret is made once, however many ask for it first, one per environment", async () => {
    const asked = Array.from({ length: 10 }, () => webhookSecrets(em(), world("secrets"), moment));
    const [first, ...others] = await Promise.all(asked);
    expect(first).toHaveLength(1);
    for (const other of others) expect(other).toEqual(first);
    expect(await webhookSecrets(em(), world("secrets", "live"), moment)).not.toEqual(first);
  });

  test("an older secret signs until its end, exclusive, and the newest is first", () => {
    const [newest, older] = [newSecret(), newSecret()];
    const stored = [sealSecret(newest, moment), { ...sealSecret(older, moment), expiresAt: LATER }];
    expect(liveSecrets(stored, moment)).toEqual([newest, older]);
    expect(liveSecrets(stored, { sealing, now: "2026-03-01T10:29:59.999Z" })).toEqual([newest, older]);
    expect(liveSecrets(stored, { sealing, now: LATER })).toEqual([newest]);
  });
});
