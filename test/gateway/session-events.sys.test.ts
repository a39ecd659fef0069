import { afterAll, beforeAll, expect, test } from "vitest";
import { callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";

const PERSON = {
  name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" },
  idNumber: "AB12",
  dob: "1990-05-15",
};

let system: System;
let call: ReturnType<typeof callerOf>;

beforeAll(async () => {
  system = await startSystem();
  call = callerOf(system.gatewayUrl);
});

afterAll(() => system.stop());

/** The sessions of a link's stream, as they come. */
async function* sessionsOf(linkId: string, token: string) {
  const answer = await fetch(`${system.gatewayUrl}/widget/links/${linkId}/events`, {
    headers: { authorization: `Bearer ${token}` },
  });
  let text = "";
  for await (const piece of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += piece;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) yield JSON.parse(event.replace(/^event: session\ndata: /, ""));
  }
}

async function newLink(apiKey: string, referenceId: string) {
  const body = { referenceId, userData: PERSON };
  return (await call({ method: "POST", path: "/partner/links", apiKey, body })).json.data;
}

test("the session comes again whenever it changed, also when the identity system and the partner move it", async () => {
  const { apiKey } = await system.newPartner();
  const { linkId, token } = await newLink(apiKey, "u1");
  const sessions = sessionsOf(linkId, token);
  const next = async () => (await sessions.next()).value;
  expect(await next()).toMatchObject({
    status: "created",
    steps: ["open", "cip", "payment_method", "confirm", "done"],
  });
  const post = (step: string, body: object = {}) =>
    call({ method: "POST", path: `/widget/links/${linkId}/${step}`, bearer: token, body });
  await post("open");
  expect(await next()).toMatchObject({ status: "opened" });
  await post("cip", { consent: true });
  let session = await next();
  while (session.userState !== "cip_verified") session = await next();
  expect(session.steps[0]).toBe("payment_method");
  const revoked = await call({
    method: "POST",
    path: `/partner/links/${linkId}/revoke`,
    apiKey,
    body: { force: true },
  });
  expect(revoked.status).toBe(200);
  while (session.status !== "revoked") session = await next();
  expect((await sessions.next()).done).toBe(true);
});

test("a stopping gateway ends the streams, and so itself, without being killed", async () => {
  const { apiKey } = await system.newPartner();
  const { linkId, token } = await newLink(apiKey, "u1");
  const sessions = sessionsOf(linkId, token);
  expect((await sessions.next()).value).toMatchObject({ status: "created" });
  system.gateway.signal("SIGTERM");
  expect(await system.gateway.exited).toBe(0);
  expect((await sessions.next()).done).toBe(true);
});
