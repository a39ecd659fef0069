import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Call, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";
import { answerWith, signaturesOf, startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

type Method = NonNullable<Call["method"]>;

interface Listed {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly event: string;
  readonly status: string;
  readonly cause: string;
}

let system: System;
let apiKey: string;
let call: ReturnType<typeof callerOf>;
let receiver: WebhookReceiver;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users", "webhooks"] });
  call = callerOf(system.gatewayUrl);
});
afterAll(() => system.stop());
beforeEach(async () => {
  ({ apiKey } = await system.newPartner());
  receiver = await startWebhookReceiver();
  return () => receiver.stop();
});

const partner = (method: Method, path: string, body?: object) =>
  call({ method, path: `/partner/${path}`, apiKey, ...(body === undefined ? {} : { body }) });

async function addEndpoint(more: object = {}): Promise<{ endpointId: string; secret: string; path: string }> {
  const made = await partner("POST", "webhook-endpoints", { url: `${receiver.url}/hook`, ...more });
  expect(made.status).toBe(201);
  const { endpointId, secret } = made.json.data;
  return { endpointId, secret, path: `webhook-endpoints/${endpointId}` };
}

async function deliveries(query = ""): Promise<readonly Listed[]> {
  return (await partner("GET", `webhook-deliveries?limit=100${query}`)).json.data.items;
}

async function newLink(referenceId: string, more: object = {}): Promise<string> {
  const made = await partner("POST", "links", { referenceId, ...more });
  expect(made.status).toBe(201);
  return made.json.data.dataRequestId;
}

const eventsReceived = () => receiver.received.map(({ headers }) => headers["x-m2m-event"]);
const idsReceived = () => receiver.received.map(({ headers }) => headers["webhook-id"]);

describe("an endpoint", () => {
  test("beyond the hundredth is refused, with the field and the reason", async () => {
    for (let added = 0; added < 100; added += 1) await addEndpoint();
    const refused = await partner("POST", "webhook-endpoints", { url: `${receiver.url}/one-too-many` });
    expect([refused.status, refused.json.error.code]).toEqual([400, "INVALID_REQUEST"]);
    const message = expect.stringContaining("already 100 webhook endpoints, which is the most; delete one first");
    expect(refused.json.error.details).toEqual([{ path: "url", code: "too_many", message }]);
  });

  test("is tested, changed, and taken away, each seen by the very next command", async () => {
    const { endpointId, path, secret } = await addEndpoint();
    const sent = await partner("POST", `${path}/test`, {});
    expect([sent.status, sent.json.data.endpointId]).toEqual([201, endpointId]);
    const [webhook] = await receiver.until((received) => received.length === 1);
    expect(webhook?.headers).toMatchObject({ "x-m2m-event": "webhook.test", "webhook-id": sent.json.data.eventId });
    expect(webhook?.headers).not.toHaveProperty("x-m2m-sequence");
    expect(webhook && signaturesOf(webhook, secret)).toEqual({ isM2mValid: true, isStandardValid: true });
    await until("it is delivered", async () => (await deliveries("&event=webhook.test"))[0]?.status === "delivered");

    const changed = await partner("PATCH", path, { events: ["link.created"], url: `${receiver.url}/other` });
    expect(changed.json.data).toMatchObject({ endpointId, events: ["link.created"], url: `${receiver.url}/other` });
    await newLink("user-1");
    await receiver.until((received) => received.length === 2);
    expect(receiver.received.at(-1)?.path).toBe("/other");
    await until("its success is shown", async () => (await deliveries("&status=delivered")).length === 2);

    expect((await partner("DELETE", path)).json.data.endpointId).toBe(endpointId);
    expect((await partner("DELETE", path)).status).toBe(404);
    expect((await partner("GET", path)).status).toBe(404);
    expect((await partner("POST", `${path}/test`, {})).status).toBe(404);
    // D10: nobody would receive it.
    expect(await newLink("user-2")).toBeUndefined();
  });

  test("that is paused gets nothing and loses nothing", async () => {
    const { path } = await addEndpoint({ events: ["link.created"] });
    await partner("PATCH", path, { status: "paused" });
    await newLink("user-1");
    await until("it waits", async () => (await deliveries("&status=parked")).length === 1);
    expect(receiver.received).toEqual([]);
    await partner("PATCH", path, { status: "enabled" });
    await receiver.until((received) => received.length === 1);
    expect(eventsReceived()).toEqual(["link.created"]);
  });

  test("whose secret is rotated is signed with both for as long as was asked", async () => {
    const { path, secret: old } = await addEndpoint();
    const rotated = await partner("POST", `${path}/rotate-secret`, { overlapHours: 1 });
    const { secret } = rotated.json.data;
    await partner("POST", `${path}/test`, {});
    const [both] = await receiver.until((received) => received.length === 1);
    expect(both && signaturesOf(both, secret)).toEqual({ isM2mValid: true, isStandardValid: true });
    expect(both && signaturesOf(both, old)).toEqual({ isM2mValid: false, isStandardValid: true });
    await partner("POST", `${path}/rotate-secret`, { overlapHours: 0 });
    await partner("POST", `${path}/test`, {});
    const [, one] = await receiver.until((received) => received.length === 2);
    expect(one && signaturesOf(one, secret)).toEqual({ isM2mValid: false, isStandardValid: false });
  });

  test("of another partner is 404 everywhere, and nothing happens to it", async () => {
    const { path, endpointId } = await addEndpoint();
    const { apiKey: strangerKey } = await system.newPartner();
    const asStranger = (method: Method, at: string, body?: object) =>
      call({ method, path: `/partner/${at}`, apiKey: strangerKey, ...(body === undefined ? {} : { body }) });
    const before = (await partner("GET", path)).text;
    const answers = [
      await asStranger("GET", path),
      await asStranger("PATCH", path, { status: "paused" }),
      await asStranger("DELETE", path),
      await asStranger("POST", `${path}/rotate-secret`, {}),
      await asStranger("POST", `${path}/test`, {}),
      await asStranger("POST", `${path}/recover`, { since: "2026-01-01T00:00:00Z" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    const named = await asStranger("POST", "replays", { endpointId });
    expect([named.status, named.json.error.details[0].path]).toEqual([400, "endpointId"]);
    expect((await partner("GET", path)).text).toBe(before);
  });
});

describe("an event", () => {
  test("D8 a data request whose webhook never arrived is sent again by hand, and answered", async () => {
    receiver.reply(answerWith(500));
    await addEndpoint({ events: ["user.data_request"], schedule: [] });
    const dataRequestId = await newLink("user-1");
    await until("it has failed", async () => (await deliveries("&status=failed")).length === 1);
    const [event] = (await partner("GET", "events?type=user.data_request")).json.data.items;
    receiver.reply(answerWith(200));
    const resent = await partner("POST", `events/${event.id}/resend`, {});
    expect(resent.json.data).toMatchObject({ eventId: event.id, deliveries: [{ url: `${receiver.url}/hook` }] });
    const [first, second] = await receiver.until((received) => received.length === 2);
    expect(second?.body).toBe(first?.body);
    const userData = { name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" }, dob: "1990-05-15" };
    const answer = { userData: { ...userData, idNumber: "AB-123456" } };
    expect((await partner("PUT", `data-requests/${dataRequestId}`, answer)).json.data.status).toBe("fulfilled");
  });

  test("H6 an exhausted delivery stays listed, and its event can be sent again", async () => {
    receiver.reply(answerWith(500));
    const { endpointId } = await addEndpoint({ events: ["link.created"], schedule: [10] });
    await newLink("user-1");
    await until("it has failed", async () => (await deliveries("&status=failed")).length === 1);
    receiver.reply(answerWith(200));
    const [failed] = await deliveries("&status=failed");
    await partner("POST", `events/${failed?.eventId}/resend`, { endpointId });
    await until("it is delivered", async () => (await deliveries("&status=delivered")).length === 1);
    const all = await deliveries();
    expect(all.map(({ status, cause }) => [status, cause])).toEqual([
      ["delivered", "resend"],
      ["failed", "event"],
    ]);
    expect(new Set(idsReceived()).size).toBe(1);
  });

  test("that nobody would receive, or that is unknown, cannot be sent again", async () => {
    const { path } = await addEndpoint({ events: ["link.created"] });
    await newLink("user-1");
    const [event] = (await partner("GET", "events?type=user.created")).json.data.items;
    const refused = await partner("POST", `events/${event.id}/resend`, {});
    expect([refused.status, refused.json.error.code]).toEqual([409, "NO_RECEIVER"]);
    expect((await partner("POST", "events/evt_acme_000000000000/resend", {})).status).toBe(404);
    await partner("DELETE", path);
    const deleted = await partner("POST", `events/${event.id}/resend`, { endpointId: path.split("/")[1] });
    expect([deleted.status, deleted.json.error.details[0].path]).toEqual([400, "endpointId"]);
  });
});

describe("many events", () => {
  test("what an endpoint missed since a moment is recovered: failed and never made, each once", async () => {
    const since = new Date().toISOString();
    receiver.reply(answerWith(500));
    const { path } = await addEndpoint({ events: ["link.created"], schedule: [] });
    await newLink("failed");
    await until("it has failed", async () => (await deliveries("&status=failed")).length === 1);
    receiver.reply(answerWith(200));
    await newLink("delivered");
    await until("one is delivered", async () => (await deliveries("&status=delivered")).length === 1);
    await partner("PATCH", path, { events: ["user.created"] });
    await newLink("never-made");
    await until("another event is delivered", async () => (await deliveries("&event=user.created")).length === 1);
    await partner("PATCH", path, { events: ["link.created"] });
    const recovery = await partner("POST", `${path}/recover`, { since });
    expect(recovery.json.data).toMatchObject({ kind: "recovery", state: "running", filter: { from: since } });
    const { replayId } = recovery.json.data;
    await until("it is done", async () => (await partner("GET", `replays/${replayId}`)).json.data.state === "done");
    await until("both are there", async () => (await deliveries("&status=delivered")).length === 4);
    const recovered = (await deliveries()).filter(({ cause }) => cause === "recovery");
    expect(recovered).toHaveLength(2);
    expect((await partner("GET", "replays")).json.data.items[0]).toMatchObject({ replayId, progress: { enqueued: 2 } });
  });

  test("what is missing is taken up no further back than deliveries are kept, everything else is", async () => {
    const { path, endpointId } = await addEndpoint();
    const [from, earliest] = ["2020-01-01T00:00:00.000Z", Date.now() - 30 * 86_400_000];
    const recovery = await partner("POST", `${path}/recover`, { since: from });
    const missing = await partner("POST", "replays", { endpointId, status: "missing" });
    for (const { json } of [recovery, missing]) {
      const begun = Date.parse(json.data.filter.from);
      expect([begun >= earliest, begun <= Date.now() - 30 * 86_400_000]).toEqual([true, true]);
    }
    const all = await partner("POST", "replays", { endpointId, status: "all", from });
    expect(all.json.data.filter.from).toBe(from);
  });

  test("a replay that has ended cannot be moved, one of another partner is not there", async () => {
    const { endpointId } = await addEndpoint();
    const { replayId } = (await partner("POST", "replays", { endpointId })).json.data;
    await until("it is done", async () => (await partner("GET", `replays/${replayId}`)).json.data.state === "done");
    const refused = await partner("POST", `replays/${replayId}/pause`, {});
    expect([refused.status, refused.json.error.code, refused.json.error.status]).toEqual([409, "REPLAY_ENDED", "done"]);
    const { apiKey: strangerKey } = await system.newPartner();
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/cancel"],
    ] as const) {
      const body = method === "POST" ? { body: {} } : {};
      const at = `/partner/replays/${replayId}${path}`;
      expect((await call({ method, path: at, apiKey: strangerKey, ...body })).status).toBe(404);
    }
  });
});

test("what signs deliveries to callbackUrls can be read and rotated", async () => {
  const { secret } = (await partner("GET", "webhook-secret")).json.data;
  await newLink("user-1", { callbackUrl: `${receiver.url}/callback` });
  const [first] = await receiver.until((received) => received.length >= 1);
  expect(first && signaturesOf(first, secret)).toEqual({ isM2mValid: true, isStandardValid: true });
  const rotated = await partner("POST", "webhook-secret/rotate", { overlapHours: 0 });
  expect(rotated.json.data).toMatchObject({ previousExpiresAt: null });
  expect((await partner("GET", "webhook-secret")).json.data.secret).toBe(rotated.json.data.secret);
  await newLink("user-2", { callbackUrl: `${receiver.url}/callback` });
  const isOfSecond = ({ body }: { readonly body: string }) => body.includes('"user-2"');
  const second = (await receiver.until((received) => received.some(isOfSecond))).find(isOfSecond);
  expect(second && signaturesOf(second, rotated.json.data.secret).isM2mValid).toBe(true);
});

test("every write takes an Idempotency-Key: the same answer, and nothing twice", async () => {
  const { path } = await addEndpoint();
  const once = (at: string, body: object) =>
    call({ method: "POST", path: `/partner/${at}`, apiKey, body, idempotencyKey: "key-1" });
  for (const [at, body] of [
    [`${path}/rotate-secret`, {}],
    [`${path}/test`, {}],
    [`${path}/recover`, { since: "2026-01-01T00:00:00Z" }],
  ] as const) {
    const [first, again] = [await once(at, body), await once(at, body)];
    expect([at, again.text, again.headers.get("idempotency-replayed")]).toEqual([at, first.text, "true"]);
    expect((await once(at, { ...body, more: 1 })).json.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
  }
  expect((await partner("GET", "replays")).json.data.items).toHaveLength(1);
});
