import { describe, expect, test } from "vitest";
import type { Answer } from "../../domain/decision.ts";
import { operationFacts } from "../../domain/operation/facts.ts";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import {
  ADDRESS,
  applied,
  exampleLink,
  exampleOperation,
  exampleUser,
  LINK_CREATED,
  LINK_ID,
} from "./example-records.ts";
import { type FakeGateway, type FakeGatewaySettings, fakeGateway } from "./fake-gateway.ts";

const FOUND = { link: exampleLink(), userId: "user_acme_0123456789ab", address: ADDRESS };
const readLink = async () => FOUND;
const USER_UPDATED = {
  kind: "user_updated",
  userId: "user_acme_0123456789ab",
  referenceId: "user-1",
  userState: "data_complete",
  userVersion: 2,
  missingFields: [],
  ignoredFields: [{ path: "dob", reason: "empty_value" }],
  removedPaths: [],
} as const satisfies Answer;

async function withGateway(settings: FakeGatewaySettings, use: (own: FakeGateway) => Promise<void>): Promise<void> {
  const own = await fakeGateway(settings);
  try {
    await use(own);
  } finally {
    await own.stop();
  }
}

describe("PATCH /partner/users/{referenceId}", () => {
  const patch = (body: unknown) => ({ method: "PATCH", path: "/partner/users/user-1", body }) as const;

  test("says what it was told as source partner_api, and what was not understood", async () => {
    await withGateway({ decide: () => applied(USER_UPDATED) }, async ({ asPartner, published, dependencies }) => {
      const answered = await asPartner(patch({ userData: { name: { firstName: "Ana" }, dob: "", shoe: 1 }, more: 1 }));
      expect([answered.status, dependencies.validate("http/answers/user-updated")(answered.json)]).toEqual([200, []]);
      expect(answered.json.data.warnings.map(({ path }: { path: string }) => path)).toEqual(["more", "userData.shoe"]);
      expect(published).toMatchObject([
        {
          ...ADDRESS,
          type: "UpdateUser",
          actor: { kind: "partner", id: "key_acme_000000000001" },
          values: { "name.firstName": "Ana" },
          payload: { userData: { paths: ["name.firstName"], empty: ["dob"] } },
        },
      ]);
    });
  });

  test.each([
    [{}, "userData"],
    [{ userData: null }, "userData"],
    [{ userData: [] }, "userData"],
    [{ userData: { dob: "1990-02-30" } }, "userData.dob"],
    [{ userData: { idNumber: "x".repeat(65) } }, "userData.idNumber"],
    [{ userData: { name: { firstName: "x".repeat(101) } } }, "userData.name.firstName"],
    [{ userData: { paymentMethod: { type: "cash" } } }, "userData.paymentMethod.cash"],
    [{ userData: { name: { secondName: "A" }, notApplicable: ["name.secondName"] } }, "userData.name.secondName"],
  ])("%j is 400 at %s, and nothing is published (A9)", async (body, path) => {
    await withGateway({}, async ({ asPartner, published }) => {
      const answered = await asPartner(patch(body));
      expect([answered.status, answered.json.error.code]).toEqual([400, "INVALID_REQUEST"]);
      expect(answered.json.error.details.map((one: { path: string }) => one.path)).toContain(path);
      expect(published).toEqual([]);
    });
  });

  test("B13 a referenceId that no user can have is 404 like every unknown one", async () => {
    await withGateway({}, async ({ asPartner, published }) => {
      for (const referenceId of ["null", "a".repeat(256), "%20a", "caf%C3%A9"]) {
        const path = `/partner/users/${referenceId}`;
        const patched = await asPartner({ method: "PATCH", path, body: { userData: {} } });
        const removed = await asPartner({ method: "DELETE", path: `${path}/fields/dob` });
        expect([patched.status, removed.status]).toEqual([404, 404]);
      }
      expect(published).toEqual([]);
    });
  });
});

describe("DELETE /partner/users/{referenceId}/fields/{path}", () => {
  test("A4 takes the partner's own word back, once with an Idempotency-Key", async () => {
    const decide = () => applied({ ...USER_UPDATED, removedPaths: ["name.firstName"] });
    await withGateway({ decide }, async ({ asPartner, published, dependencies }) => {
      const call = {
        method: "DELETE",
        path: "/partner/users/user-1/fields/name.firstName",
        idempotencyKey: "k",
      } as const;
      const answered = await asPartner(call);
      expect([answered.status, dependencies.validate("http/answers/user-updated")(answered.json)]).toEqual([200, []]);
      expect((await asPartner(call)).text).toBe(answered.text);
      expect(published).toMatchObject([
        { ...ADDRESS, type: "RemoveField", payload: { path: "name.firstName", source: "partner_api" } },
      ]);
    });
  });

  test("a path that is no field is 400 and names it", async () => {
    await withGateway({}, async ({ asPartner }) => {
      for (const path of ["name", "shoe", "NAME.firstName", "__proto__"]) {
        const answered = await asPartner({ method: "DELETE", path: `/partner/users/user-1/fields/${path}` });
        expect([answered.status, answered.json.error.details[0].path]).toEqual([400, "path"]);
      }
    });
  });
});

describe("links", () => {
  const post = (step: string, body: unknown) =>
    ({ method: "POST", path: `/partner/links/${LINK_ID}/${step}`, body }) as const;

  test("C12 regenerate makes a link that names the old one", async () => {
    const decide = () => applied({ ...LINK_CREATED, replaces: LINK_ID });
    await withGateway({ decide, reads: { readLink } }, async ({ asPartner, published, dependencies }) => {
      const answered = await asPartner(post("regenerate", { expiresInMinutes: 5 }));
      expect([answered.status, dependencies.validate("http/answers/link-created")(answered.json)]).toEqual([201, []]);
      expect(answered.json.data).toMatchObject({ replaces: LINK_ID, warnings: [] });
      expect(published).toMatchObject([{ type: "RegenerateLink", payload: { linkId: LINK_ID, expiresInMinutes: 5 } }]);
    });
  });

  test("B17 a ticket's url opens the page of its link, secret and all", async () => {
    const ticketId = "cip_acme_0123456789ab";
    const { flow, expiresAt } = exampleLink();
    const decide = () => applied({ kind: "cip_ticket_issued", linkId: LINK_ID, ticketId, flow, expiresAt });
    await withGateway({ decide, reads: { readLink } }, async ({ asPartner, published, dependencies }) => {
      const answered = await asPartner(post("cip-tickets", {}));
      expect([answered.status, dependencies.validate("http/answers/cip-ticket")(answered.json)]).toEqual([201, []]);
      const url = `https://pay.example/${LINK_ID}/m2m-basic#${dependencies.tokens.tokenOf(LINK_ID)}`;
      expect(answered.json.data).toEqual({ ticketId, linkId: LINK_ID, url, expiresAt });
      expect(published).toMatchObject([{ type: "IssueCipTicket", payload: { linkId: LINK_ID } }]);
    });
  });

  test("E2 revoke says whether it is forced", async () => {
    const decide = () => applied({ kind: "link_revoked", linkId: LINK_ID, revokedAt: FOUND.link.createdAt });
    await withGateway({ decide, reads: { readLink } }, async ({ asPartner, published }) => {
      await asPartner(post("revoke", {}));
      await asPartner(post("revoke", { force: true, reason: "lost" }));
      expect(published.map(({ payload }) => payload)).toMatchObject([
        { force: false, reason: null },
        { force: true, reason: "lost" },
      ]);
    });
  });

  test.each([
    ["regenerate", { expiresInMinutes: 4 }, "expiresInMinutes"],
    ["regenerate", { expiresInMinutes: 10_081 }, "expiresInMinutes"],
    ["regenerate", { expiresInMinutes: 60.5 }, "expiresInMinutes"],
    ["regenerate", { expiresInMinutes: null }, "expiresInMinutes"],
    ["revoke", { force: "true" }, "force"],
    ["revoke", { force: null }, "force"],
    ["revoke", { reason: "x".repeat(501) }, "reason"],
  ])("%s %j is 400 at %s, and nothing is published", async (step, body, path) => {
    await withGateway({ reads: { readLink } }, async ({ asPartner, published }) => {
      const answered = await asPartner(post(step, body));
      expect([answered.status, answered.json.error.details[0].path]).toEqual([400, path]);
      expect(published).toEqual([]);
    });
  });

  test.each(["regenerate", "cip-tickets", "revoke"])("%s of an unknown link is 404", async (step) => {
    await withGateway({}, async ({ asPartner, published }) => {
      expect((await asPartner(post(step, {}))).status).toBe(404);
      expect(published).toEqual([]);
    });
  });
});

test("J5 a cancel tells whether it is done or only asked for", async () => {
  const operation = operationFacts(exampleOperation(), exampleUser());
  const kinds = ["operation_cancelled", "operation_cancel_requested"] as const;
  const session = { ...FOUND, user: exampleUser(), operation: null, isSuspended: false };
  for (const [kind, cancellation] of [[kinds[0], "done"] as const, [kinds[1], "requested"] as const]) {
    const findWidgetSession = async () => ({ ...session, settings: DEFAULT_SETTINGS });
    const own = await fakeGateway({ decide: () => applied({ kind, operation }), reads: { findWidgetSession } });
    const path = `/widget/links/${LINK_ID}/operation/cancel`;
    const bearer = own.dependencies.tokens.tokenOf(LINK_ID);
    const answered = await own.call({ method: "POST", path, bearer, body: { x: 1 } });
    await own.stop();
    expect([answered.status, own.dependencies.validate("http/answers/operation-cancelled")(answered.json)]).toEqual([
      200,
      [],
    ]);
    expect(answered.json.data).toMatchObject({ cancellation, warnings: [{ path: "x" }], amount: { send: 100.1 } });
    expect(own.published).toMatchObject([
      { type: "CancelOperation", actor: { kind: "user" }, payload: { linkId: LINK_ID } },
    ]);
  }
});
