import { at, fits, holds, isError, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Answer } from "../client.ts";
import type { Webhook } from "../receiver.ts";
import { documentedSignature, standardSignature } from "../signatures.ts";
import type { Chapter, Expect, Subject } from "../subject.ts";

const PATH = "/partner/webhook-endpoints";
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

export const WEBHOOK_MANAGEMENT: Chapter = {
  title: "webhook management",
  skipReason: ({ receiver }) => (receiver === null ? "no --webhook-port was given" : null),
  check: async (subject, expect) => {
    const { call, newReferenceId } = subject;
    const name = newReferenceId();
    const url = `${subject.receiver?.url}/${name}`;
    const made = await call({ method: "POST", path: PATH, body: { url, events: ["link.created"] } });
    isSuccess(made, 201);
    const endpoint: Endpoint = { url, path: `${PATH}/${textAt(made, "data.endpointId")}`, made };
    await checkChanges(subject, expect, endpoint);
    await checkSecrets(subject, expect, endpoint);
    await checkRedelivery(subject, expect, endpoint);
    await checkEnd(subject, expect, endpoint);
  },
};

interface Endpoint {
  readonly url: string;
  readonly path: string;
  readonly made: Answer;
}

async function checkChanges({ call }: Subject, expect: Expect, { path, url }: Endpoint): Promise<void> {
  await expect("an endpoint can be read, without its secret", async () => {
    const found = await call({ path });
    isSuccess(found, 200);
    same([at(found.json, "data.url"), at(found.json, "data.status")], [url, "enabled"], "url and status");
    holds(!found.text.includes("whsec_"), "the secret is shown again");
  });
  await expect("PATCH changes what it names and leaves the rest", async () => {
    const changed = await call({ method: "PATCH", path, body: { description: "conformance" } });
    isSuccess(changed, 200);
    const kept = ["data.url", "data.events", "data.description"].map((one) => at(changed.json, one));
    same(kept, [url, ["link.created"], "conformance"], "url, events and description");
  });
  for (const [body, names] of BAD_CHANGES) {
    await expect(`PATCH ${JSON.stringify(body).slice(0, 60)} is 400 and names ${names}`, async () => {
      isError(await call({ method: "PATCH", path, body }), { status: 400, code: "INVALID_REQUEST", names });
    });
  }
}

const BAD_CHANGES: readonly (readonly [body: object, names: string])[] = [
  [{ url: "https://user:word@partner.example/" }, "url"],
  [{ url: `https://partner.example/${"x".repeat(2_048)}` }, "url"],
  [{ events: ["link.lost"] }, "events"],
  [{ rateLimit: 0 }, "rateLimit"],
  [{ description: null }, "description"],
];

async function checkSecrets(subject: Subject, expect: Expect, { path, url, made }: Endpoint): Promise<void> {
  const { call } = subject;
  const first = textAt(made, "data.secret");
  const rotated = await call({ method: "POST", path: `${path}/rotate-secret`, body: { overlapHours: 1 } });
  await expect("a rotation gives a new secret, once, and says until when the old one signs", () => {
    isSuccess(rotated, 201);
    fits(at(rotated.json, "data.secret"), SECRET, "secret");
    holds(at(rotated.json, "data.secret") !== first, "the secret is the old one");
    fits(at(rotated.json, "data.previousExpiresAt"), /Z$/, "previousExpiresAt");
  });
  await expect("overlapHours 169 is 400", async () => {
    const answer = await call({ method: "POST", path: `${path}/rotate-secret`, body: { overlapHours: 169 } });
    isError(answer, { status: 400, code: "INVALID_REQUEST", names: "overlapHours" });
  });
  await expect("a test event arrives, signed with both secrets in webhook-signature, the new one in ours", async () => {
    const sent = await call({ method: "POST", path: `${path}/test`, body: {} });
    isSuccess(sent, 201);
    const heard = await arrived(subject, url, textAt(sent, "data.eventId"));
    same(heard.headers["x-m2m-event"], "webhook.test", "X-M2M-Event");
    const [newest, older] = [textAt(rotated, "data.secret"), first].map((secret) => signedPart(heard, secret));
    if (newest === undefined || older === undefined) return;
    same(heard.headers["x-m2m-signature"], documentedSignature(newest), "X-M2M-Signature");
    const wanted = [standardSignature(newest), standardSignature(older)];
    same((heard.headers["webhook-signature"] ?? "").split(" "), wanted, "webhook-signature");
  });
  await expect("the secret for callbackUrls can be read", async () => {
    fits(at((await call({ path: "/partner/webhook-secret" })).json, "data.secret"), SECRET, "secret");
  });
}

async function checkRedelivery(subject: Subject, expect: Expect, { path, url }: Endpoint): Promise<void> {
  const { call, newReferenceId, until } = subject;
  const referenceId = newReferenceId();
  const heard = () => (subject.receiver?.received() ?? []).filter((webhook) => isAbout(webhook, url, referenceId));
  await expect("a paused endpoint hears nothing, and everything once it is enabled", async () => {
    isSuccess(await call({ method: "PATCH", path, body: { status: "paused" } }), 200);
    isSuccess(await call({ method: "POST", path: "/partner/links", body: { referenceId } }), 201);
    await until("the delivery waits", async () => {
      const parked = await call({ path: `/partner/webhook-deliveries?endpoint=${idOf(path)}&status=parked` });
      return listAt(parked, "data.items").length === 1;
    });
    same(heard().length, 0, "webhooks while it was paused");
    isSuccess(await call({ method: "PATCH", path, body: { status: "enabled" } }), 200);
    await until("it arrives", async () => heard().length === 1);
  });
  await expect("an event can be sent again, with its own id and the same body", async () => {
    const resent = await call({ method: "POST", path: `/partner/events/${eventId(heard())}/resend`, body: {} });
    isSuccess(resent, 201);
    await until("it arrives again", async () => heard().length === 2);
    same(new Set(heard().map(({ body }) => body)).size, 1, "different bodies");
  });
  await expect("a replay sends again what was delivered, and ends", async () => {
    const body = { endpointId: idOf(path), referenceId, status: "all" };
    const replay = await call({ method: "POST", path: "/partner/replays", body });
    isSuccess(replay, 201);
    const place = `/partner/replays/${textAt(replay, "data.replayId")}`;
    await until("the replay is done", async () => at((await call({ path: place })).json, "data.state") === "done");
    await until("it arrives again", async () => heard().length >= 3);
    const refused = await call({ method: "POST", path: `${place}/pause`, body: {} });
    isError(refused, { status: 409, code: "REPLAY_ENDED" });
  });
  await expect("an event or a replay that is unknown is 404", async () => {
    for (const unknown of ["/partner/events/evt_nobody_000000000000/resend", "/partner/replays/rpl_nobody_0/cancel"]) {
      isError(await call({ method: "POST", path: unknown, body: {} }), { status: 404, code: "RESOURCE_NOT_FOUND" });
    }
  });
}

async function checkEnd({ call }: Subject, expect: Expect, { path }: Endpoint): Promise<void> {
  await expect("a deleted endpoint is gone for every call", async () => {
    isSuccess(await call({ method: "DELETE", path }), 200);
    for (const method of ["GET", "DELETE"] as const) {
      isError(await call({ method, path }), { status: 404, code: "RESOURCE_NOT_FOUND" });
    }
  });
}

function idOf(path: string): string {
  return path.slice(PATH.length + 1);
}

function eventId(webhooks: readonly Webhook[]): string {
  return String(at(webhooks[0]?.json, "id"));
}

function isAbout(webhook: Webhook, url: string, referenceId: string): boolean {
  return webhook.url === url && at(webhook.json, "data.referenceId") === referenceId;
}

function signedPart({ headers, body, json }: Webhook, secret: string) {
  return { secret, timestamp: headers["webhook-timestamp"] ?? "", id: String(at(json, "id")), body };
}

async function arrived({ receiver, until }: Subject, url: string, id: string): Promise<Webhook> {
  const find = () => receiver?.received().find((webhook) => webhook.url === url && at(webhook.json, "id") === id);
  await until(`the webhook ${id}`, async () => find() !== undefined);
  const found = find();
  if (found === undefined) throw new Error("a webhook that came is gone");
  return found;
}
