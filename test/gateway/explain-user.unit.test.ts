import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reads } from "../../gateway/reads.ts";
import { verified } from "../domain/explain/explained.ts";
import { type FakeGateway, fakeGateway } from "./fake-gateway.ts";

const history = verified().history();
const readFullHistory: Reads["readFullHistory"] = async ({ referenceId }) =>
  referenceId === "user_12345" ? history : null;
const PATH = "/partner/users/user_12345/explain";

let own: FakeGateway;
let mayReveal: FakeGateway;

beforeAll(async () => {
  own = await fakeGateway({ reads: { readFullHistory } });
  mayReveal = await fakeGateway({ reads: { readFullHistory }, permissions: ["read", "pii:read"] });
});
afterAll(async () => {
  await own.stop();
  await mayReveal.stop();
});

describe("GET /partner/users/{referenceId}/explain", () => {
  test("explains the user as its history tells, in the shape that was promised, without values", async () => {
    const { status, json } = await own.asPartner({ path: PATH });
    expect([status, json.data.state.state, json.data.sequence]).toEqual([200, "cip_verified", history.length]);
    expect(own.dependencies.validate("http/answers/explanation")(json)).toEqual([]);
    expect(JSON.stringify(json)).not.toContain("GALO900515");
  });

  test("at an earlier sequence, it explains that moment", async () => {
    const { json } = await own.asPartner({ path: `${PATH}?at=1` });
    expect([json.data.state.state, json.data.at]).toEqual(["pending", history[0]?.at]);
  });

  test("values only for a key that may see them", async () => {
    const refused = await own.asPartner({ path: `${PATH}?reveal=true` });
    expect([refused.status, refused.json.error.code]).toEqual([403, "FORBIDDEN"]);
    const { json } = await mayReveal.asPartner({ path: `${PATH}?reveal=true` });
    expect(json.data.fields.map(({ value }: { value: unknown }) => value)).toContain("GALO900515");
    expect(mayReveal.dependencies.validate("http/answers/explanation")(json)).toEqual([]);
  });

  test.each(["0", "-1", "1.5", "x", String(history.length + 1)])("at=%s is 400 and names the field", async (at) => {
    const { status, json } = await own.asPartner({ path: `${PATH}?at=${at}` });
    expect([status, json.error.code, json.error.details[0].path]).toEqual([400, "INVALID_REQUEST", "at"]);
  });

  test("an unknown user is 404, and so is a referenceId that no user can have", async () => {
    for (const referenceId of ["nobody", "null", "%20"]) {
      const { status, json } = await own.asPartner({ path: `/partner/users/${referenceId}/explain` });
      expect([status, json.error.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
    }
  });
});
