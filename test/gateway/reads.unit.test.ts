import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import type { Reads } from "../../gateway/reads.ts";
import { ADDRESS, exampleLink, exampleOperation, exampleUser, LINK_ID } from "./example-records.ts";
import { type FakeGateway, type FakeGatewaySettings, fakeGateway } from "./fake-gateway.ts";

const SHOWN = {
  link: exampleLink({ metadata: { order: 7 } }),
  userId: "user_acme_0123456789ab",
  address: ADDRESS,
  user: exampleUser(),
  operation: exampleOperation(),
};

async function withReads(
  reads: Partial<Reads>,
  use: (own: FakeGateway) => Promise<void>,
  more: FakeGatewaySettings = {},
) {
  const own = await fakeGateway({ reads, ...more });
  try {
    await use(own);
  } finally {
    await own.stop();
  }
}

describe("links", () => {
  test("a list has items and pagination, without tokens, values masked", async () => {
    await withReads({ listLinks: async () => ({ items: [SHOWN], total: 41 }) }, async ({ asPartner, dependencies }) => {
      const answered = await asPartner({ path: "/partner/links?page=2&limit=1" });
      expect(answered.json.data).toEqual({
        items: [
          {
            linkId: LINK_ID,
            referenceId: "user-1",
            status: "created",
            url: `https://pay.example/${LINK_ID}/m2m-basic`,
            expiresAt: SHOWN.link.expiresAt,
            createdAt: SHOWN.link.createdAt,
            openedAt: null,
            userId: "user_acme_0123456789ab",
            operationId: "op_acme_0123456789ab",
            userData: {
              name: { firstName: "Ana" },
              idNumber: "******3456",
              dob: "1990-**-**",
              notApplicable: ["name.secondName"],
            },
          },
        ],
        pagination: { page: 2, limit: 1, total: 41, totalPages: 41 },
      });
      expect(dependencies.validate("http/answers/links")(answered.json)).toEqual([]);
    });
  });

  test("what is asked for reaches the query, times in one form; 20 when nothing is said", async () => {
    const asked: unknown[] = [];
    const listLinks: Reads["listLinks"] = async (list) => {
      asked.push(list);
      return { items: [], total: 0 };
    };
    await withReads({ listLinks }, async ({ asPartner }) => {
      const query =
        "from=2026-01-01T00:00:00%2B01:00&to=0000-01-01T00:00:00Z&visibility=active&status=opened&referenceId=a";
      await asPartner({ path: `/partner/links?${query}&unknown=1` });
      const answered = await asPartner({ path: "/partner/links" });
      expect(asked).toMatchObject([
        {
          scope: { partner: "acme", environment: "test" },
          filter: {
            from: "2025-12-31T23:00:00.000Z",
            to: "1970-01-01T00:00:00.000Z",
            visibility: "active",
            status: "opened",
            referenceId: "a",
          },
          now: "2026-03-01T12:00:00.000Z",
        },
        { page: 1, limit: 20, filter: {} },
      ]);
      expect(answered.json.data.pagination).toEqual({ page: 1, limit: 20, total: 0, totalPages: 0 });
    });
  });

  test.each([
    ["page=0", "page"],
    ["page=1.5", "page"],
    ["limit=101", "limit"],
    ["limit=ten", "limit"],
    ["from=yesterday", "from"],
    ["to=2026-02-30T00:00:00Z", "to"],
    ["visibility=all", "visibility"],
    ["status=open", "status"],
    ["referenceId=", "referenceId"],
    ["referenceId=a%00b", "referenceId"],
    ["reveal=yes", "reveal"],
  ])("?%s is 400 and names the field", async (query, path) => {
    await withReads({}, async ({ asPartner }) => {
      const answered = await asPartner({ path: `/partner/links?${query}` });
      expect([answered.status, answered.json.error.code]).toEqual([400, "INVALID_REQUEST"]);
      expect(answered.json.error.details).toMatchObject([{ path }]);
    });
  });

  test("S4 the detail has metadata and the steps of the page", async () => {
    await withReads({ findLink: async () => SHOWN }, async ({ asPartner, dependencies }) => {
      const answered = await asPartner({ path: `/partner/links/${LINK_ID}` });
      expect(answered.json.data).toMatchObject({
        metadata: { order: 7 },
        flow: "m2m-basic",
        revokedAt: null,
        revokeReason: null,
        completedAt: null,
        steps: ["done"],
      });
      expect(dependencies.validate("http/answers/link")(answered.json)).toEqual([]);
    });
  });

  test("unmasked values are shown to a key that may see them", async () => {
    const permissions = ["read", "pii:read"] as const;
    await withReads(
      { findLink: async () => SHOWN },
      async ({ asPartner }) => {
        const masked = await asPartner({ path: `/partner/links/${LINK_ID}` });
        const revealed = await asPartner({ path: `/partner/links/${LINK_ID}?reveal=true` });
        expect(masked.json.data.userData.idNumber).toBe("******3456");
        expect(revealed.json.data.userData).toMatchObject({ idNumber: "ABCD123456", dob: "1990-05-15" });
      },
      { permissions },
    );
  });
});

describe("users", () => {
  const overview = {
    user: exampleUser(),
    activeLink: exampleLink(),
    openDataRequest: {
      ...{ dataRequestId: "dr_acme_0123456789ab", linkId: LINK_ID, status: "open" as const },
      ...{ requiredFields: ["dob" as const], remainingFields: ["dob" as const], createdAt: exampleLink().createdAt },
      ...{ expiresAt: exampleLink().expiresAt, fulfilledAt: null, closedAt: null },
    },
    lastOperations: [exampleOperation()],
  };

  test("S6 the resource has every field with its source, what is due, and what is going on", async () => {
    await withReads({ findUser: async () => overview }, async ({ asPartner, dependencies }) => {
      const answered = await asPartner({ path: "/partner/users/user-1" });
      const { data } = answered.json;
      expect(data.fields).toMatchObject({
        idNumber: { value: "******3456", source: "partner_api" },
        "name.secondName": { value: null, notApplicable: true, source: "partner_api" },
      });
      expect(data.requirements.map(({ field, status }: { field: string; status: string }) => [field, status])).toEqual([
        ["name.firstName", "satisfied"],
        ["name.secondName", "not_applicable"],
        ["name.lastName", "due"],
        ["idNumber", "satisfied"],
        ["dob", "satisfied"],
      ]);
      expect(data).toMatchObject({
        state: "data_incomplete",
        userVersion: 1,
        cip: { status: "not_started", attempts: 0, current: false, failure: null },
        activeLink: { linkId: LINK_ID, status: "created" },
        openDataRequest: { dataRequestId: "dr_acme_0123456789ab", remainingFields: ["dob"] },
        lastOperations: [{ operationId: "op_acme_0123456789ab", amount: { send: 100.1 } }],
      });
      expect(dependencies.validate("http/answers/user")(answered.json)).toEqual([]);
    });
  });

  test("B15 a field that the provider asked for again is due with its reason", async () => {
    const user = exampleUser({ cip: { ...exampleUser().cip, dueFields: { dob: "the date could not be read" } } });
    await withReads({ findUser: async () => ({ ...overview, user }) }, async ({ asPartner }) => {
      const { json } = await asPartner({ path: "/partner/users/user-1" });
      expect(json.data.requirements).toContainEqual({
        field: "dob",
        status: "due",
        reason: "the date could not be read",
      });
    });
  });

  test.each([
    ["cip_pending", "pending", "under_review"],
    ["cip_verified", "verified", "satisfied"],
    ["cip_failed", "failed", "satisfied"],
  ] as const)("in state %s the identity check is %s", async (state, status, dob) => {
    await withReads(
      { findUser: async () => ({ ...overview, user: exampleUser({ state }) }) },
      async ({ asPartner }) => {
        const { json } = await asPartner({ path: "/partner/users/user-1" });
        expect(json.data.cip).toMatchObject({ status, current: state === "cip_verified" });
        expect(json.data.requirements).toContainEqual(expect.objectContaining({ field: "dob", status: dob }));
      },
    );
  });
});

describe("the rest", () => {
  test("operations are listed with money as numbers and without the account", async () => {
    const shown = { operation: exampleOperation(), userId: "user_acme_0123456789ab", referenceId: "user-1" };
    await withReads(
      { listOperations: async () => ({ items: [shown], total: 1 }) },
      async ({ asPartner, dependencies }) => {
        const answered = await asPartner({ path: "/partner/operations?status=created" });
        expect(answered.json.data.items).toMatchObject([
          { operationId: "op_acme_0123456789ab", referenceId: "user-1", amount: { send: 100.1, rate: 17.05 } },
        ]);
        expect(answered.text).not.toContain("012345678901234567");
        expect(dependencies.validate("http/answers/operations")(answered.json)).toEqual([]);
      },
    );
  });

  test("me tells whose key it is, with every setting", async () => {
    await withReads({}, async ({ asPartner, dependencies }) => {
      const answered = await asPartner({ path: "/partner/me" });
      const { branding, ...settings } = DEFAULT_SETTINGS;
      expect(answered.json.data).toEqual({
        ...{ name: "Acme", slug: "acme", status: "active", environment: "test" },
        ...{ settings: JSON.parse(JSON.stringify(settings)), branding },
      });
      expect(dependencies.validate("http/answers/me")(answered.json)).toEqual([]);
    });
  });

  test("a cursor that is none of ours is 400", async () => {
    await withReads({ listWebhookDeliveries: async () => null }, async ({ asPartner }) => {
      const answered = await asPartner({ path: "/partner/webhook-deliveries?cursor=abc" });
      expect([answered.status, answered.json.error.details[0].path]).toEqual([400, "cursor"]);
    });
  });

  test.each([
    [`/partner/links/${LINK_ID}`],
    ["/partner/users/nobody"],
    ["/partner/data-requests/dr_acme_0123456789ab"],
    ["/partner/commands/cmd_acme_0123456789ab"],
  ])("%s that is absent or another partner's is 404", async (path) => {
    await withReads({}, async ({ asPartner }) => {
      const answered = await asPartner({ path });
      expect([answered.status, answered.json.error.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
    });
  });
});
