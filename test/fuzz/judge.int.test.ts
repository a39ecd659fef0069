import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OpenapiDocument } from "../../gateway/documentation/openapi-document.ts";
import { createJudge, type FuzzAnswer } from "./judge.ts";
import { spoiled } from "./junk.ts";
import type { FuzzRequest } from "./requests.ts";
import { valuesOf } from "./value-arbitraries.ts";

const file = join(import.meta.dirname, "../../docs/openapi.json");
const document = JSON.parse(readFileSync(file, "utf8")) as OpenapiDocument;
const judge = createJudge(document);
const REVOKE: FuzzRequest = {
  operation: "POST /partner/links/{linkId}/revoke",
  method: "POST",
  url: "/partner/links/link_acme_a1b2c3d4e5f6/revoke",
  headers: {},
  body: '{"userData":{"name":{"firstName":"Xochiquetzal"}}}',
};
const REVOKED = { linkId: "link_acme_a1b2c3d4e5f6", status: "revoked", revokedAt: "2026-01-31T09:30:00.000Z" };

function answer(status: number, body: unknown, headers: Record<string, string> = {}): FuzzAnswer {
  const all = { "content-type": "application/json; charset=utf-8", "x-request-id": "req-1", ...headers };
  return { status, headers: new Headers(all), text: typeof body === "string" ? body : JSON.stringify(body) };
}

function refused(error: object): object {
  return { success: false, error: { code: "INVALID_REQUEST", message: "no", requestId: "req-1", ...error } };
}

describe("the judge", () => {
  test("has nothing against a right answer", () => {
    expect(judge(REVOKE, answer(200, { success: true, data: REVOKED }))).toEqual([]);
    expect(judge(REVOKE, answer(400, refused({})))).toEqual([]);
  });

  test.each([
    ["a 5xx", REVOKE, answer(500, refused({ code: "INTERNAL_ERROR" })), "answered 500"],
    ["a status that is not described", REVOKE, answer(418, refused({})), "does not know 418"],
    ["a success that is not described", REVOKE, answer(201, { success: true, data: REVOKED }), "does not know 201"],
    [
      "another content type",
      REVOKE,
      answer(200, "hello", { "content-type": "text/plain" }),
      "does not know text/plain",
    ],
    [
      "a field too many",
      REVOKE,
      answer(200, { success: true, data: { ...REVOKED, more: 1 } }),
      "additional properties",
    ],
    ["a wrong value", REVOKE, answer(200, { success: true, data: { ...REVOKED, status: "lost" } }), "/data/status"],
    ["a code of another route", REVOKE, answer(409, refused({ code: "CIP_NOT_READY" })), "allowed values"],
    ["no envelope", REVOKE, answer(404, "Not Found", { "content-type": "text/plain" }), "no error envelope"],
    ["another requestId", REVOKE, answer(400, refused({ requestId: "req-2" })), "another requestId"],
    [
      "a person's value",
      REVOKE,
      answer(400, refused({ message: "Xochiquetzal is wrong" })),
      "tells a value of userData",
    ],
    [
      "another partner's",
      { ...REVOKE, reachesAcross: true },
      answer(200, { success: true, data: REVOKED }),
      "another partner's",
    ],
    ["a method nobody described", { ...REVOKE, method: "PUT" }, answer(200, {}), "is not in the document"],
  ])("finds %s", (_, request, given, problem) => {
    expect(judge(request, given).join("\n")).toContain(problem);
  });
});

describe("requests", () => {
  const schemas = document.components.schemas;
  const schema = { $ref: "#/components/schemas/CreateLinkBody" };

  test("values keep to the limits of their schema, and go one step beyond when asked to", () => {
    const minutes = (hasEdges: boolean) =>
      fc.sample(valuesOf({ type: "integer", minimum: 5, maximum: 10 }, { schemas, hasEdges, known: {} }), 200);
    expect(minutes(false).every((value) => Number(value) >= 5 && Number(value) <= 10)).toBe(true);
    expect(minutes(true)).toEqual(expect.arrayContaining([4, 11, 5.5]));
  });

  test("the same seed makes the same values, whole bodies too", () => {
    const bodies = () =>
      fc.sample(spoiled(valuesOf(schema, { schemas, hasEdges: true, known: {} })), { seed: 7, numRuns: 50 });
    expect(JSON.stringify(bodies())).toBe(JSON.stringify(bodies()));
  });
});
