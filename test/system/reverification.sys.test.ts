import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallAnswer, call } from "../support/call.ts";
import { BASIC_DATA } from "../support/domain-commands.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const ADMIN_KEY = "an admin key for tests only";

let system: System;
let key: string;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users", "cip-results", "sandbox"], environment: { ADMIN_KEY } });
  key = (await system.newPartner({ settings: { maxCipAttempts: 1 } })).apiKey;
});

afterAll(() => system.stop());

const partner = (method: string, path: string, body?: unknown): Promise<CallAnswer> =>
  call(system.gatewayUrl, { method, path: `/partner${path}`, key, ...(body === undefined ? {} : { body }) });

const shown = async (referenceId: string) => (await partner("GET", `/users/${referenceId}`)).body.data;

const becomes = (referenceId: string, state: string) =>
  until(`${referenceId} is ${state}`, async () => (await shown(referenceId)).state === state);

/** A ticket for a user with the data given: the sandbox answers by the end of the idNumber. */
async function ticket(referenceId: string, idNumber: string): Promise<CallAnswer> {
  const { body } = await partner("POST", "/links", { referenceId, userData: { ...BASIC_DATA, idNumber } });
  return partner("POST", `/links/${body.data.linkId}/cip-tickets`, {});
}

test("B17 B5 a ticket verifies; a material change has its grace, another person is checked at once", async () => {
  const issued = await ticket("changes", "GALO900515");
  expect(issued).toMatchObject({ status: 201, body: { data: { ticketId: expect.stringMatching(/^cip_/) } } });
  await becomes("changes", "cip_verified");
  await partner("PATCH", "/users/changes", { userData: { dob: "1990-05-16" } });
  const grace = await shown("changes");
  expect(grace).toMatchObject({ state: "cip_verified", cip: { current: false, reverifyBy: expect.any(String) } });
  const person = { idNumber: "XEXX010101", name: { lastName: "Gomez" } };
  const changed = await partner("PATCH", "/users/changes", { userData: person });
  expect(changed.body.data.userState).toBe("cip_pending");
  await becomes("changes", "cip_verified");
  expect(await shown("changes")).toMatchObject({ cip: { current: true, reverifyBy: null, attempts: 2 } });
});

test("B10 B14 who has used up the attempts waits for an operator, who lets the user try again", async () => {
  await ticket("fails", "GALOFAIL");
  await becomes("fails", "cip_failed");
  const { linkId } = (await shown("fails")).activeLink;
  const again = () => partner("POST", `/links/${linkId}/cip-tickets`, {});
  expect((await again()).body.error.code).toBe("CIP_ATTEMPTS_EXHAUSTED");
  const { userId } = await shown("fails");
  const decide = (body: unknown) =>
    call(system.gatewayUrl, {
      ...{ method: "POST", path: `/admin/reviews/${userId}/decision`, body },
      headers: { "x-admin-key": ADMIN_KEY, "x-admin-actor": "ops-7" },
    });
  expect((await decide({ decision: "allow_retry" })).status).toBe(400);
  expect(await decide({ decision: "allow_retry", reason: "a better photo came" })).toMatchObject({
    status: 200,
    body: { data: { userId, userState: "cip_failed" } },
  });
  await partner("PATCH", "/users/fails", { userData: { idNumber: "GALO900515" } });
  expect((await again()).status).toBe(201);
  await becomes("fails", "cip_verified");
});
