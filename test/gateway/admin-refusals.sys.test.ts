import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Call, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";

const ADMIN_KEY = "an admin key for tests only";

let system: System;
let asOperator: ReturnType<typeof callerOf>;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"], environment: { ADMIN_KEY } });
  const call = callerOf(system.gatewayUrl);
  asOperator = (given) => call({ ...given, headers: { "x-admin-key": ADMIN_KEY, ...given.headers } });
  const made = await asOperator({ method: "POST", path: "/admin/partners", body: { slug: "bad", name: "Bad" } });
  expect(made.status).toBe(201);
});

afterAll(() => system.stop());

describe("bad input changes nothing", () => {
  test.each<[string, Call, number, string, string | undefined]>([
    ["no name", { method: "POST", path: "/admin/partners", body: { slug: "ab" } }, 400, "INVALID_REQUEST", "name"],
    [
      "a slug of 33",
      { method: "POST", path: "/admin/partners", body: { slug: "a".repeat(33), name: "x" } },
      400,
      "INVALID_REQUEST",
      "slug",
    ],
    [
      "an unknown partner's key",
      { method: "POST", path: "/admin/keys", body: { partner: "nobody", environment: "test" } },
      404,
      "RESOURCE_NOT_FOUND",
      undefined,
    ],
    [
      "an unknown permission",
      { method: "POST", path: "/admin/keys", body: { partner: "bad", environment: "test", permissions: ["root"] } },
      400,
      "INVALID_REQUEST",
      "permissions[0]",
    ],
    [
      "grace of 31 days",
      { method: "PATCH", path: "/admin/partners/bad/settings", body: { reverifyGraceDays: 31 } },
      400,
      "INVALID_REQUEST",
      "reverifyGraceDays",
    ],
    [
      "a built-in name",
      {
        method: "PATCH",
        path: "/admin/partners/bad/settings",
        body: { requiredFieldsPolicy: { name: "full", version: 9, fields: ["dob"] } },
      },
      400,
      "INVALID_REQUEST",
      "requiredFieldsPolicy.name",
    ],
    [
      "settings of nobody",
      { method: "PATCH", path: "/admin/partners/nobody/settings", body: {} },
      404,
      "RESOURCE_NOT_FOUND",
      undefined,
    ],
    [
      "a decision without a reason",
      { method: "POST", path: "/admin/reviews/user_bad_000000000000/decision", body: { decision: "approve" } },
      400,
      "INVALID_REQUEST",
      "reason",
    ],
    [
      "a decision about nobody",
      {
        method: "POST",
        path: "/admin/reviews/user_bad_000000000000/decision",
        body: { decision: "approve", reason: "x" },
      },
      404,
      "RESOURCE_NOT_FOUND",
      undefined,
    ],
    [
      "a correction without a reason",
      { method: "POST", path: "/admin/users/user_bad_000000000000/fields", body: { userData: {} } },
      400,
      "INVALID_REQUEST",
      "reason",
    ],
    [
      "a field that is none",
      { method: "DELETE", path: "/admin/users/user_bad_000000000000/fields/shoe" },
      400,
      "INVALID_REQUEST",
      "path",
    ],
    [
      "an unknown transfer",
      {
        method: "POST",
        path: "/admin/operations/op_bad_000000000000/resolve",
        body: { status: "failed", reason: "x" },
      },
      404,
      "RESOURCE_NOT_FOUND",
      undefined,
    ],
    [
      "a transfer that would go on",
      {
        method: "POST",
        path: "/admin/operations/op_bad_000000000000/resolve",
        body: { status: "processing", reason: "x" },
      },
      400,
      "INVALID_REQUEST",
      "status",
    ],
    [
      "an unknown parked message",
      { method: "POST", path: "/admin/parked/0-999999/drop", body: { reason: "x" } },
      404,
      "RESOURCE_NOT_FOUND",
      undefined,
    ],
    ["an unknown command", { path: "/admin/commands/cmd_bad_000000000000" }, 404, "RESOURCE_NOT_FOUND", undefined],
    ["a status that is none", { path: "/admin/parked?status=lost" }, 400, "INVALID_REQUEST", "status"],
    ["page 0", { path: "/admin/reviews?page=0" }, 400, "INVALID_REQUEST", "page"],
    [
      "an actor with a space",
      { path: "/admin/partners", headers: { "x-admin-actor": "a b" } },
      400,
      "INVALID_REQUEST",
      "X-Admin-Actor",
    ],
  ])("%s", async (_, given, status, code, path) => {
    const before = await rowCounts();
    const answered = await asOperator(given);
    expect([answered.status, answered.json.error.code, answered.json.error.details?.[0].path]).toEqual([
      status,
      code,
      path,
    ]);
    expect(await rowCounts()).toEqual(before);
  });

  async function rowCounts(): Promise<unknown> {
    const sql = `select (select count(*) from partners) as partners, (select max(updated_at) from partners) as changed,
      (select count(*) from api_keys) as keys, (select count(*) from decisions) as decisions,
      (select count(*) from user_history) as history`;
    return system.database.em().execute(sql);
  }
});
