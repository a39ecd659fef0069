import { at, fits, holds, isError, isSuccess, same, textAt } from "../checks.ts";
import type { Answer } from "../client.ts";
import type { Webhook } from "../receiver.ts";
import { documentedSignature, standardSignature } from "../signatures.ts";
import type { Chapter, Expect, Subject } from "../subject.ts";

const PATH = "/partner/webhook-endpoints";
const EVENTS = ["user.data_request", "link.created"];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const WEBHOOKS: Chapter = {
  title: "webhooks",
  skipReason: ({ receiver }) => (receiver === null ? "no --webhook-port was given" : null),
  check: async (subject, expect) => {
    const { call, newReferenceId } = subject;
    const referenceId = newReferenceId();
    // An address of its own: an endpoint of an earlier run may still send to this port.
    const heard = { url: `${subject.receiver?.url}/${referenceId}`, referenceId };
    const made = await call({ method: "POST", path: PATH, body: { url: heard.url, events: EVENTS } });
    isSuccess(made, 201);
    const secret = textAt(made, "data.secret");
    await checkEndpoints(subject, expect, secret);
    const userData = { name: { firstName: "Zacarías" }, idNumber: "SECRET900515" };
    const link = await call({ method: "POST", path: "/partner/links", body: { referenceId, userData } });
    await checkDelivery(await arrived(subject, { ...heard, event: "user.data_request" }), expect, secret);
    await checkEvents(subject, expect, { ...heard, link });
    await checkCallback(subject, expect, secret);
    await call({ method: "DELETE", path: `${PATH}/${textAt(made, "data.endpointId")}` });
  },
};

async function checkEndpoints({ call }: Subject, expect: Expect, secret: string): Promise<void> {
  for (const url of ["ftp://partner.example/", "not a url", "https://user:word@partner.example/"]) {
    await expect(`an endpoint at ${url} is 400 and names url`, async () => {
      const answer = await call({ method: "POST", path: PATH, body: { url } });
      isError(answer, { status: 400, code: "INVALID_REQUEST", names: "url" });
    });
  }
  await expect("a new endpoint has its secret, whsec_ and 32 bytes in base64", () => {
    fits(secret, /^whsec_[A-Za-z0-9+/]{43}=$/, "secret");
  });
  await expect("the secret is shown only once", async () => {
    holds(!(await call({ path: PATH })).text.includes(secret), "the secret is in the list");
  });
}

async function checkDelivery(webhook: Webhook, expect: Expect, secret: string): Promise<void> {
  const { headers, json, atMs } = webhook;
  await expect("the body is the documented envelope, with id, sequence and userVersion", () => {
    same(at(json, "event"), "user.data_request", "event");
    fits(at(json, "timestamp"), TIME, "timestamp");
    fits(at(json, "id"), /^evt_/, "id");
    const numbers = ["sequence", "userVersion"].map((name) => at(json, name));
    holds(numbers.every(Number.isInteger), "sequence and userVersion should be whole numbers");
  });
  await expect("X-M2M-Event, X-M2M-Timestamp in seconds, X-M2M-Attempt 1, JSON", () => {
    same([headers["x-m2m-event"], headers["x-m2m-attempt"]], ["user.data_request", "1"], "X-M2M-Event, X-M2M-Attempt");
    fits(headers["x-m2m-timestamp"], /^\d{10}$/, "X-M2M-Timestamp");
    holds(Math.abs(Number(headers["x-m2m-timestamp"]) - atMs / 1_000) < 60, "X-M2M-Timestamp is not of this minute");
    fits(headers["content-type"], /^application\/json/, "Content-Type");
  });
  await expect("X-M2M-Sequence is the body's sequence", () => {
    same(headers["x-m2m-sequence"], String(at(json, "sequence")), "X-M2M-Sequence");
  });
  await expect("X-M2M-Signature fits the raw body", () => {
    const wanted = documentedSignature(signedPart(webhook, secret, "x-m2m-timestamp"));
    same(headers["x-m2m-signature"], wanted, "X-M2M-Signature");
  });
  await expect("webhook-id, webhook-timestamp and webhook-signature fit too (Standard Webhooks)", () => {
    same(headers["webhook-id"], at(json, "id"), "webhook-id");
    const wanted = standardSignature(signedPart(webhook, secret, "webhook-timestamp"));
    holds((headers["webhook-signature"] ?? "").split(" ").includes(wanted), "webhook-signature does not fit");
  });
}

interface Heard {
  readonly url: string;
  readonly referenceId: string;
}

async function checkEvents(subject: Subject, expect: Expect, heard: Heard & { readonly link: Answer }): Promise<void> {
  const { link } = heard;
  await expect("user.data_request tells what to send, where to and until when", async () => {
    const { json } = await arrived(subject, { ...heard, event: "user.data_request" });
    same(at(json, "data.requiredFields"), ["name.secondName", "name.lastName", "dob"], "requiredFields");
    const id = textAt(link, "data.dataRequestId");
    same(at(json, "data.dataRequestId"), id, "dataRequestId");
    fits(at(json, "data.replyEndpoint"), new RegExp(`^https?://.*/partner/data-requests/${id}$`), "replyEndpoint");
    same(at(json, "data.expiresAt"), textAt(link, "data.expiresAt"), "expiresAt, which is the link's");
  });
  await expect("link.created has the link without its token", async () => {
    const created = await arrived(subject, { ...heard, event: "link.created" });
    same(at(created.json, "data.linkId"), textAt(link, "data.linkId"), "linkId");
    holds(!created.body.includes(textAt(link, "data.token")), "the token is in link.created");
  });
  await expect("no event holds a value of the person, and nobody hears what was not asked for", () => {
    const all = received(subject, heard.url);
    holds(!all.some(({ body }) => /Zacar|SECRET900515/.test(body)), "a value is in a webhook");
    const others = all.map(({ json }) => String(at(json, "event"))).filter((event) => !EVENTS.includes(event));
    same(others, [], "events that were not subscribed to");
  });
}

async function checkCallback(subject: Subject, expect: Expect, secret: string): Promise<void> {
  await expect("a link's callbackUrl hears its events instead, signed with another secret", async () => {
    const referenceId = subject.newReferenceId();
    const callbackUrl = `${subject.receiver?.url}/callback-of-${referenceId}`;
    await subject.call({ method: "POST", path: "/partner/links", body: { referenceId, callbackUrl } });
    const heard = await arrived(subject, { url: callbackUrl, referenceId, event: "link.created" });
    fits(heard.headers["x-m2m-signature"], /^sha256=[0-9a-f]{64}$/, "X-M2M-Signature");
    const ofEndpoint = documentedSignature(signedPart(heard, secret, "x-m2m-timestamp"));
    holds(heard.headers["x-m2m-signature"] !== ofEndpoint, "it is signed with the endpoint's secret");
    const elsewhere = subject.receiver?.received().filter(({ json }) => at(json, "data.referenceId") === referenceId);
    holds(elsewhere?.every(({ url }) => url === callbackUrl) === true, "an endpoint heard it too");
  });
}

function signedPart({ headers, body, json }: Webhook, secret: string, timestamp: string) {
  return { secret, timestamp: headers[timestamp] ?? "", id: String(at(json, "id")), body };
}

function received({ receiver }: Subject, url: string): readonly Webhook[] {
  return receiver?.received().filter((webhook) => webhook.url === url) ?? [];
}

/** The webhook of an event about a user at an address, once it came. */
async function arrived(subject: Subject, wanted: Heard & { readonly event: string }): Promise<Webhook> {
  const { event, referenceId } = wanted;
  const find = () =>
    received(subject, wanted.url).find(
      ({ json }) => at(json, "event") === event && at(json, "data.referenceId") === referenceId,
    );
  await subject.until(`webhook ${event}`, async () => find() !== undefined);
  const found = find();
  if (found === undefined) throw new Error("a webhook that came is gone");
  return found;
}
