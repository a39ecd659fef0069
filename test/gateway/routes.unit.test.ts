import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Route } from "../../gateway/route.ts";
import { createRoutes } from "../../gateway/routes.ts";
import { loadSchemas } from "../../schemas/load-schema.ts";
import { PERMISSIONS, type Permission } from "../../storage/configuration/api-keys.ts";
import { ADMIN_KEY, type FakeGateway, fakeGateway } from "./fake-gateway.ts";

const WITH_BODY = ["POST", "PUT", "PATCH"];
const SCHEMAS = loadSchemas();

let gateway: FakeGateway;
const routes: Route[] = [];

beforeAll(async () => {
  gateway = await fakeGateway();
  routes.push(...createRoutes(gateway.dependencies));
});
afterAll(() => gateway.stop());

const ofAccess = <Access extends Route["access"]>(access: Access) =>
  routes.filter((route): route is Extract<Route, { access: Access }> => route.access === access);

const callOf = ({ method, name }: Route) => ({
  method,
  path: name.replace(/\{\w+\}/g, "x1"),
  ...(WITH_BODY.includes(method) ? { body: {} } : {}),
});

describe("what every route has", () => {
  test("its path says the same as its name, and no two routes are one", () => {
    const named = routes.filter(({ path }) => typeof path === "string");
    expect(named.map(({ path }) => path)).toEqual(named.map(({ name }) => name.replace(/\{(\w+)\}/g, ":$1")));
    const all = routes.map(({ method, name }) => `${method} ${name}`);
    expect(new Set(all).size).toBe(all.length);
  });

  test("a body where its method has one, and schemas that exist", () => {
    for (const { method, name, describe: said } of routes) {
      expect([name, said.body !== undefined]).toEqual([name, WITH_BODY.includes(method)]);
      const schemas = [said.body, said.query, said.answer, ...Object.values(said.alsoAnswers ?? {})];
      const missing = schemas.filter((schema) => typeof schema === "string" && !SCHEMAS.has(schema));
      expect([name, missing]).toEqual([name, []]);
      expect([name, said.answer === null]).toEqual([name, said.mediaType !== undefined]);
      expect(said.summary).not.toMatch(/\.$/);
    }
  });
});

describe("who may call", () => {
  test("a partner's route is 401 without a key and 403 without its permission, which is named", async () => {
    for (const route of ofAccess("partner")) {
      expect([route.name, (await gateway.call(callOf(route))).json.error.code]).toEqual([route.name, "UNAUTHORIZED"]);
    }
    for (const permission of PERMISSIONS) await withoutPermission(permission);
  });

  async function withoutPermission(permission: Permission): Promise<void> {
    const own = await fakeGateway({ permissions: PERMISSIONS.filter((one) => one !== permission) });
    for (const route of ofAccess("partner")) {
      const { status, json } = await own.asPartner(callOf(route));
      const isRefused = status === 403;
      expect([permission, route.name, isRefused]).toEqual([permission, route.name, route.permission === permission]);
      if (isRefused)
        expect(json.error).toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining(permission) });
    }
    await own.stop();
  }

  test("a write needs a permission to write, a read none but to read", () => {
    for (const { method, name, permission } of ofAccess("partner")) {
      // A secret signs: who may only read must not have it.
      expect([name, permission === "read"]).toEqual([name, method === "GET" && name !== "/partner/webhook-secret"]);
    }
  });

  test("a widget's route is 401 without the link's token", async () => {
    for (const route of ofAccess("widget")) {
      const answered = await gateway.call({ ...callOf(route), bearer: "not-the-token" });
      expect([route.name, answered.status]).toEqual([route.name, 401]);
    }
  });

  test("an operator's route is 401 with a wrong key, or with a partner's, and is not there where no key is set", async () => {
    const shut = await fakeGateway({ overrides: { adminKey: null } });
    const admin = ofAccess("admin");
    expect(admin.length).toBeGreaterThan(15);
    for (const route of admin) {
      const call = callOf(route);
      const wrong = await gateway.asPartner({ ...call, headers: { "x-admin-key": `${ADMIN_KEY}!` } });
      expect([route.name, wrong.status, wrong.json.error.code]).toEqual([route.name, 401, "UNAUTHORIZED"]);
      const closed = await shut.call({ ...call, headers: { "x-admin-key": ADMIN_KEY } });
      expect([route.name, closed.status]).toEqual([route.name, 404]);
    }
    await shut.stop();
  });
});

describe("every write", () => {
  test("takes nothing but JSON, and an Idempotency-Key of at most 255 characters", async () => {
    for (const route of routes.filter(({ method }) => WITH_BODY.includes(method))) {
      const bearer = gateway.dependencies.tokens.tokenOf("x1");
      const allowed = route.access === "widget" ? { bearer } : {};
      const as = route.access === "partner" ? gateway.asPartner : gateway.call;
      const call = { ...callOf(route), ...allowed };
      const headers = { "x-admin-key": ADMIN_KEY };
      const typed = await as({ ...call, headers: { ...headers, "content-type": "text/plain" } });
      expect([route.name, typed.status]).toEqual([route.name, 415]);
      const keyed = await as({ ...call, headers, idempotencyKey: "k".repeat(256) });
      expect([route.name, keyed.status, keyed.json.error.details[0].path]).toEqual([
        route.name,
        400,
        "Idempotency-Key",
      ]);
    }
  });

  test("that has required fields refuses an empty body and names one", async () => {
    for (const route of routes.filter(({ describe: said }) => requiredOf(said.body).length > 0)) {
      const bearer = gateway.dependencies.tokens.tokenOf("x1");
      const as = route.access === "partner" ? gateway.asPartner : gateway.call;
      const headers = { "x-admin-key": ADMIN_KEY };
      const { status, json } = await as({
        ...callOf(route),
        headers,
        ...(route.access === "widget" ? { bearer } : {}),
      });
      expect([route.name, status]).toEqual([route.name, 400]);
      expect(requiredOf(route.describe.body)).toContain(json.error.details[0].path);
    }
  });
});

function requiredOf(schema: string | undefined): readonly string[] {
  const required = schema === undefined ? [] : SCHEMAS.get(schema)?.["required"];
  return Array.isArray(required) ? required : [];
}
