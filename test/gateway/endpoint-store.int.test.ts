import { beforeAll, expect, test } from "vitest";
import { createEndpointStore, type EndpointStore, type EndpointWrite } from "../../gateway/endpoint-store.ts";
import { success } from "../../gateway/reply.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createIdempotencyRecords } from "../../storage/configuration/idempotency.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { createSealing } from "../../storage/sealing.ts";
import { useDatabase } from "../support/database.ts";

const { em } = useDatabase();
const sealing = createSealing("a server secret for tests, long enough");
const scope = { partner: "acme", environment: "test" } as const;

let store: EndpointStore;
beforeAll(async () => {
  await createPartner(em(), { slug: "acme", name: "Acme" }, new Date().toISOString());
  store = createEndpointStore({ em, sealing, idempotency: createIdempotencyRecords(sealing), clock: systemClock });
});

function write(key: string | null, bodyHash = "hash-1"): EndpointWrite {
  const idempotency = { ...scope, method: "POST", path: "/partner/webhook-endpoints" };
  return {
    scope,
    endpoint: { url: "https://example.com/hook", events: null, description: null, schedule: null, rateLimit: null },
    key: key === null ? null : { ...idempotency, key, bodyHash },
    reply: (created) => success(201, { secret: created?.secret, endpointId: created?.endpoint.endpointId }),
  };
}

test("an endpoint is added with its secret, and listed without", async () => {
  const written = await store.add(write(null));
  expect(written).toMatchObject({ kind: "replied", reply: { status: 201 } });
  expect(JSON.stringify(await store.list(scope))).not.toContain("whsec_");
});

test("many requests at once with one Idempotency-Key add one endpoint, and all get its secret", async () => {
  const before = (await store.list(scope)).length;
  const written = await Promise.all(Array.from({ length: 5 }, () => store.add(write("key-1"))));
  expect((await store.list(scope)).length).toBe(before + 1);
  const bodies = written.map((one) =>
    one.kind === "replied" ? one.reply.body : "response" in one ? one.response : "",
  );
  expect(new Set(bodies).size).toBe(1);
  expect(bodies[0]).toContain("whsec_");
  expect(written.filter(({ kind }) => kind === "replied")).toHaveLength(1);
});

test("the key with another body adds nothing", async () => {
  const before = (await store.list(scope)).length;
  expect(await store.add(write("key-1", "hash-2"))).toEqual({ kind: "reused" });
  expect((await store.list(scope)).length).toBe(before);
});

test("a request that fails leaves neither an endpoint nor a record of its key", async () => {
  const before = (await store.list(scope)).length;
  const lose = () => {
    throw new Error("lost");
  };
  const failing = { ...write("key-2"), reply: lose };
  await expect(store.add(failing)).rejects.toThrow("lost");
  expect((await store.list(scope)).length).toBe(before);
  expect(await store.add(write("key-2"))).toMatchObject({ kind: "replied" });
});
