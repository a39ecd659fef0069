import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../support/call.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"] });
});

afterAll(() => system.stop());

test("C2 fifty creates at once for one referenceId give one link and 49 refusals that name it", async () => {
  const { apiKey } = await system.newPartner();
  const create = () =>
    call(system.gatewayUrl, { method: "POST", path: "/partner/links", key: apiKey, body: { referenceId: "user_1" } });
  const answers = await Promise.all(Array.from({ length: 50 }, create));
  const made = answers.filter(({ status }) => status === 201);
  const refused = answers.filter(({ status }) => status === 409);
  console.log(`C2: ${made.length} × 201, ${refused.length} × 409`);
  expect([made.length, refused.length]).toEqual([1, 49]);
  const linkId = made[0]?.body.data.linkId;
  for (const { body } of refused) {
    expect(body.error).toMatchObject({
      code: "ACTIVE_LINK_EXISTS",
      message: "User already has an active link",
      existingLinkId: linkId,
      existingLink: { status: "created", expiresAt: made[0]?.body.data.expiresAt },
    });
  }
});

test("E6 revoke then create: the create is always 201", async () => {
  const { apiKey } = await system.newPartner();
  const create = () =>
    call(system.gatewayUrl, { method: "POST", path: "/partner/links", key: apiKey, body: { referenceId: "user_2" } });
  for (let round = 0; round < 20; round += 1) {
    const made = await create();
    expect(made.status).toBe(201);
    const path = `/partner/links/${made.body.data.linkId}/revoke`;
    const revoked = await call(system.gatewayUrl, { method: "POST", path, key: apiKey, body: {} });
    expect(revoked.status).toBe(200);
  }
});
