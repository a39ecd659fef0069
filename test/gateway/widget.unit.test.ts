import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationFacts } from "../../domain/operation/facts.ts";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import { createWidgetPage } from "../../gateway/widget-page.ts";
import { ADDRESS, applied, exampleLink, exampleOperation, exampleUser, LINK_ID } from "./example-records.ts";
import { type FakeGateway, type FakeGatewaySettings, fakeGateway } from "./fake-gateway.ts";

const SESSION = `/widget/links/${LINK_ID}`;
const facts = {
  link: exampleLink({ widgetVersion: 2, language: "es" }),
  user: exampleUser(),
  userId: "user_acme_0123456789ab",
  address: ADDRESS,
  operation: null,
  settings: DEFAULT_SETTINGS,
  isSuspended: false,
};
const KNOWN: FakeGatewaySettings = { reads: { findWidgetSession: async (id) => (id === LINK_ID ? facts : null) } };
const CHANGED = applied({ kind: "session_changed", linkId: LINK_ID, ignoredFields: [] });

interface WidgetCall {
  readonly method?: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: unknown;
}

async function withWidget(
  settings: FakeGatewaySettings,
  use: (call: (call: WidgetCall) => ReturnType<FakeGateway["call"]>, own: FakeGateway) => Promise<void>,
): Promise<void> {
  const own = await fakeGateway({ ...KNOWN, decisionTimeoutMs: 20, ...settings });
  try {
    await use((call) => own.call({ ...call, bearer: own.dependencies.tokens.tokenOf(LINK_ID) }), own);
  } finally {
    await own.stop();
  }
}

describe("who may act for the user of a link", () => {
  test("C10 the token of the link, and nothing else", async () => {
    await withWidget({}, async (_, { call, asPartner, dependencies }) => {
      const other = dependencies.tokens.tokenOf("link_acme_0123456789ac");
      const answers = [
        await call({ path: SESSION }),
        await call({ path: SESSION, bearer: other }),
        await asPartner({ path: SESSION }),
      ];
      for (const { status, json } of answers) expect([status, json.error.code]).toEqual([401, "UNAUTHORIZED"]);
    });
  });

  test("a genuine token of a link that is not there yet is 404", async () => {
    const link = "link_acme_zzzzzzzzzzzz";
    await withWidget({}, async (_, { call, dependencies }) => {
      const answered = await call({ path: `/widget/links/${link}`, bearer: dependencies.tokens.tokenOf(link) });
      expect(answered.status).toBe(404);
    });
  });

  test("widget calls are counted per link, not against the partner's minute", async () => {
    await withWidget({ overrides: { requestsPerMinute: 2 } }, async (widget, { asPartner }) => {
      const statuses = [
        await widget({ path: SESSION }),
        await widget({ path: SESSION }),
        await widget({ path: SESSION }),
      ];
      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect((await asPartner({ path: "/partner/me" })).status).toBe(200);
    });
  });
});

describe("the session", () => {
  test("C6 reading it publishes nothing; values are masked", async () => {
    await withWidget({}, async (widget, { published, dependencies }) => {
      const answered = await widget({ path: SESSION });
      expect(answered.status).toBe(200);
      expect(answered.json.data).toEqual({
        linkId: LINK_ID,
        status: "created",
        version: 2,
        steps: ["open", "data", "cip", "payment_method", "confirm", "done"],
        missingFields: ["name.lastName"],
        prefilled: { "name.firstName": "Ana", idNumber: "******3456", dob: "1990-**-**" },
        userState: "data_incomplete",
        language: "es",
        theme: null,
        expiresAt: facts.link.expiresAt,
      });
      expect(dependencies.validate("http/answers/session")(answered.json)).toEqual([]);
      expect(published).toEqual([]);
    });
  });

  test("J3 the link's newest operation is in it, money as numbers", async () => {
    const findWidgetSession = async () => ({ ...facts, operation: exampleOperation({ status: "processing" }) });
    await withWidget({ reads: { findWidgetSession } }, async (widget) => {
      const { json } = await widget({ path: SESSION });
      expect(json.data.steps).toEqual(["done"]);
      expect(json.data.operation).toMatchObject({
        status: "processing",
        amount: { send: 100.1, receive: 1706.71, rate: 17.05, fee: 2.99 },
        payout: { type: "bank_account" },
      });
      expect(JSON.stringify(json)).not.toContain("012345678901234567");
    });
  });
});

describe("the steps of the page", () => {
  test("open tells the writer about the device, and answers the session", async () => {
    await withWidget({ decide: () => CHANGED }, async (widget, { published }) => {
      const body = { deviceInfo: { platform: "iOS", colour: "red" } };
      const answered = await widget({ method: "POST", path: `${SESSION}/open`, body });
      expect(answered.status).toBe(200);
      expect(answered.json.data).toMatchObject({ linkId: LINK_ID, version: 2 });
      expect(published).toMatchObject([
        {
          type: "OpenLink",
          ...ADDRESS,
          actor: { kind: "user", id: null },
          payload: { linkId: LINK_ID, device: { platform: "iOS", language: null } },
        },
      ]);
    });
  });

  test("data carries the version of the page and what was typed", async () => {
    const ignoredFields = [{ path: "idNumber", reason: "lower_precedence", winningSource: "partner_api" }] as const;
    const decide = () => applied({ kind: "session_changed", linkId: LINK_ID, ignoredFields });
    await withWidget({ decide }, async (widget, { published }) => {
      const body = { version: 2, userData: { name: { lastName: "Diaz" }, shoe: 43 } };
      const answered = await widget({ method: "PUT", path: `${SESSION}/data`, body });
      expect(answered.status).toBe(200);
      expect(answered.json.data).toMatchObject({ ignoredFields, warnings: [{ path: "userData.shoe" }] });
      expect(published).toMatchObject([
        { type: "ProvideData", values: { "name.lastName": "Diaz" }, payload: { linkId: LINK_ID, version: 2 } },
      ]);
    });
  });

  test("C11 a page out of date is told so", async () => {
    const refusal = {
      code: "STEP_OUT_OF_DATE",
      message: "This page is out of date; reload it and try again",
      facts: {},
    } as const;
    await withWidget({ decide: () => ({ outcome: "refused", answer: null, refusal }) }, async (widget) => {
      const body = { version: 0, userData: { dob: "1990-05-15" } };
      const answered = await widget({ method: "PUT", path: `${SESSION}/data`, body });
      expect([answered.status, answered.json.error.code]).toEqual([409, "STEP_OUT_OF_DATE"]);
    });
  });

  test("cip is 202 with the attempt, or 200 when the user is verified", async () => {
    for (const [attemptId, status] of [
      ["cip_acme_0123456789ab", 202],
      [null, 200],
    ] as const) {
      const decide = () => applied({ kind: "cip_submitted", linkId: LINK_ID, attemptId });
      await withWidget({ decide }, async (widget) => {
        const answered = await widget({ method: "POST", path: `${SESSION}/cip`, body: { consent: true } });
        expect(answered.status).toBe(status);
        expect(answered.json.data.attemptId).toBe(attemptId ?? undefined);
        expect(answered.json.data.linkId).toBe(LINK_ID);
      });
    }
  });

  test("CIP_NOT_READY names the fields", async () => {
    const refusal = {
      code: "CIP_NOT_READY",
      message: "Data is missing for the identity check",
      facts: { missingFields: ["dob"] },
    } as const;
    await withWidget({ decide: () => ({ outcome: "refused", answer: null, refusal }) }, async (widget) => {
      const answered = await widget({ method: "POST", path: `${SESSION}/cip`, body: {} });
      expect(answered.json.error).toMatchObject({ code: "CIP_NOT_READY", missingFields: ["dob"] });
    });
  });

  test("J3 a confirmed amount reaches the writer as exact text", async () => {
    const operation = operationFacts(exampleOperation(), facts.user);
    await withWidget(
      { decide: () => applied({ kind: "operation_created", operation }) },
      async (widget, { published }) => {
        const currency = { source: "USD", destination: "MXN" };
        const answered = await widget({
          method: "POST",
          path: `${SESSION}/operation`,
          body: { amount: { send: 100.1, currency } },
        });
        expect(answered.status).toBe(201);
        expect(answered.json.data.amount).toMatchObject({ send: 100.1, currency });
        expect(published).toMatchObject([
          { type: "ConfirmOperation", payload: { linkId: LINK_ID, send: "100.1", currency } },
        ]);
      },
    );
  });

  test.each([[0], [-1], [1e21], [1e-7], [10.001], [1e12], ["100"], [null]])(
    "J1 an amount of %s is refused with its path",
    async (send) => {
      await withWidget({}, async (widget, { published }) => {
        const body = { amount: { send, currency: { source: "USD", destination: "MXN" } } };
        const answered = await widget({ method: "POST", path: `${SESSION}/operation`, body });
        expect([answered.status, answered.json.error.code]).toEqual([400, "INVALID_REQUEST"]);
        expect(answered.json.error.details).toMatchObject([{ path: "amount.send" }]);
        expect(published).toEqual([]);
      });
    },
  );

  test("an undecided step points to the session", async () => {
    await withWidget({ decide: () => null }, async (widget) => {
      const answered = await widget({ method: "POST", path: `${SESSION}/open`, body: {} });
      expect(answered.status).toBe(202);
      expect(answered.headers.get("location")).toBe(SESSION);
    });
  });
});

describe("the page", () => {
  let gateway: FakeGateway;
  beforeAll(async () => {
    gateway = await fakeGateway();
  });
  afterAll(() => gateway.stop());

  test("C10 it is the same for every link, sends no referrer, and runs only its own script", async () => {
    const one = await gateway.call({ path: `/${LINK_ID}/m2m-basic` });
    const other = await gateway.call({ path: "/link_globex_zzzzzzzzzzzz/other-flow" });
    expect(one.status).toBe(200);
    expect(one.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(other.text).toBe(one.text);
    expect(one.headers.get("referrer-policy")).toBe("no-referrer");
    const policy = one.headers.get("content-security-policy") ?? "";
    const script = /<script type="module">([\s\S]*)<\/script>/.exec(one.text)?.[1] ?? "";
    expect(script).toContain("fetch(");
    expect(policy).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
    expect(policy).toContain("default-src 'none'");
    expect(gateway.published).toEqual([]);
  });

  test("its words are there in both languages, and nothing is left to fill in", () => {
    const { html } = createWidgetPage([]);
    const words = JSON.parse(/id="words">(.*?)<\/script>/s.exec(html)?.[1] ?? "{}");
    expect(Object.keys(words.es).toSorted()).toEqual(Object.keys(words.en).toSorted());
    expect(html).not.toMatch(/\/\*\{|"\{words\}"/);
  });

  test("only the given origins may frame it", () => {
    const { headers } = createWidgetPage(["https://partner.example"]);
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'self' https://partner.example");
  });
});
