import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Call, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";

const PERSON = {
  name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" },
  idNumber: "AB12",
  dob: "1990-05-15",
};

let system: System;
let apiKey: string;
let strangerKey: string;
let call: ReturnType<typeof callerOf>;
const links = new Map<string, { readonly linkId: string; readonly token: string }>();

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"] });
  call = callerOf(system.gatewayUrl);
  ({ apiKey } = await system.newPartner());
  ({ apiKey: strangerKey } = await system.newPartner());
  await newLink("whole", PERSON);
  await newLink("empty", {});
  await newLink("revoked", PERSON);
  await post(`links/${idOf("revoked")}/revoke`);
  await newLink("begun", {});
  await step("begun", "open");
  await step("begun", "data", { userData: { name: { firstName: "Ana" } }, version: 0 }, "PUT");
  await newLink("checked", PERSON);
  await step("checked", "open");
  await step("checked", "cip", { consent: true });
  await newLink("late", PERSON);
  await system.database
    .em()
    .execute(
      "update links set created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where link_id = ?",
      [idOf("late")],
    );
});

afterAll(() => system.stop());

const idOf = (referenceId: string) => links.get(referenceId)?.linkId ?? "";

async function newLink(referenceId: string, userData: object): Promise<void> {
  const made = await post("links", { referenceId, userData });
  links.set(referenceId, made.json.data);
}

const post = (path: string, body: object = {}) => call({ method: "POST", path: `/partner/${path}`, apiKey, body });

function step(referenceId: string, name: string, body: object = {}, method: "POST" | "PUT" = "POST") {
  const { linkId = "", token = "" } = links.get(referenceId) ?? {};
  return call({ method, path: `/widget/links/${linkId}/${name}`, bearer: token, body });
}

/** All that a write could have changed. */
async function everything(): Promise<unknown> {
  const sql = `select (select json_agg(u order by u.user_id) from (select user_id, version, last_sequence, state from users) u)
    as users, (select json_agg(l order by l.link_id) from (select link_id, status, widget_version from links) l) as links,
    (select count(*) from operations) as operations, (select count(*) from cip_attempts) as attempts,
    (select count(*) from user_history) as history`;
  return system.database.em().execute(sql);
}

describe("a write in the wrong state is refused with its code, and changes nothing", () => {
  const link = (referenceId: string, verb: string, body: object = {}) => ({
    method: "POST" as const,
    path: () => `/partner/links/${idOf(referenceId)}/${verb}`,
    body,
  });
  const field = (referenceId: string, path: string) => ({
    method: "DELETE" as const,
    path: () => `/partner/users/${referenceId}/fields/${path}`,
  });
  test.each<[string, Omit<Call, "path"> & { readonly path: () => string }, number, string]>([
    ["E2 revoke of a link in progress", link("begun", "revoke"), 409, "LINK_NOT_REVOCABLE"],
    ["E5 revoke of an expired link", link("late", "revoke", { force: true }), 409, "LINK_NOT_REVOCABLE"],
    ["C12 regenerate of a link in progress", link("begun", "regenerate"), 409, "LINK_NOT_REVOCABLE"],
    ["B17 a ticket without enough data", link("empty", "cip-tickets"), 409, "CIP_NOT_READY"],
    ["B17 a ticket for a revoked link", link("revoked", "cip-tickets"), 409, "LINK_REVOKED"],
    ["B17 a ticket for an expired link", link("late", "cip-tickets"), 410, "LINK_EXPIRED"],
    ["B16 a ticket while the check runs", link("checked", "cip-tickets"), 409, "CIP_IN_PROGRESS"],
    ["A4 a field that nobody said", field("empty", "dob"), 404, "RESOURCE_NOT_FOUND"],
    ["A4 a field that only the widget said", field("begun", "name.firstName"), 404, "RESOURCE_NOT_FOUND"],
    ["A4 a field of nobody", field("nobody", "dob"), 404, "RESOURCE_NOT_FOUND"],
    [
      "C3 more about nobody",
      { method: "PATCH", path: () => "/partner/users/nobody", body: { userData: PERSON } },
      404,
      "RESOURCE_NOT_FOUND",
    ],
  ])("%s", async (_, { path, ...given }, status, code) => {
    const before = await everything();
    const answered = await call({ ...given, path: path(), apiKey });
    expect([answered.status, answered.json.error.code]).toEqual([status, code]);
    expect(await everything()).toEqual(before);
  });

  test("J5 a cancel without a transfer", async () => {
    const before = await everything();
    const answered = await step("checked", "operation/cancel");
    expect([answered.status, answered.json.error.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
    expect(await everything()).toEqual(before);
  });
});

test("another partner's links and users are 404 for every write, and stay as they are", async () => {
  const before = await everything();
  const calls: Call[] = [
    ...["revoke", "regenerate", "cip-tickets"].map(
      (verb): Call => ({ method: "POST", path: `/partner/links/${idOf("whole")}/${verb}`, body: {} }),
    ),
    { method: "PATCH", path: "/partner/users/whole", body: { userData: { dob: "1991-01-01" } } },
    { method: "DELETE", path: "/partner/users/whole/fields/dob" },
  ];
  for (const one of calls) {
    const answered = await call({ ...one, apiKey: strangerKey });
    expect([one.path, answered.status, answered.json.error.code]).toEqual([one.path, 404, "RESOURCE_NOT_FOUND"]);
  }
  expect(await everything()).toEqual(before);
});
