import { afterAll, beforeAll, expect, test } from "vitest";
import type { WaitingReview } from "../../storage/queries/reviews.ts";
import { exampleUser } from "./example-records.ts";
import { ADMIN_KEY, type FakeGateway, fakeGateway } from "./fake-gateway.ts";

const WAITING: WaitingReview = {
  user: exampleUser({
    state: "cip_pending",
    verifiedValues: { idNumber: "WXYZ987654", dob: "1985-01-02", "name.firstName": "Ana" },
  }),
  reviewAttemptId: "cip_acme_0123456789ab",
  heldOperationIds: [],
  isDuplicateSuspected: true,
};

let gateway: FakeGateway;

beforeAll(async () => {
  gateway = await fakeGateway({ reads: { listReviews: async () => ({ items: [WAITING], total: 1 }) } });
});
afterAll(() => gateway.stop());

test.each([
  ["masked", "", { idNumber: "******7654", dob: "1985-**-**", "name.firstName": "Ana" }],
  ["as they are when asked for", "?reveal=true", WAITING.user.verifiedValues],
])("B5 until a change is settled, operators read the verified values, %s", async (_, query, verifiedValues) => {
  const headers = { "x-admin-key": ADMIN_KEY, "x-operator": "ops-7" };
  const { status, json } = await gateway.call({ path: `/admin/reviews${query}`, headers });
  expect(status).toBe(200);
  expect(json.data.items).toMatchObject([{ verifiedValues, duplicateSuspected: true }]);
  expect(json.data.items[0].verifiedValues).toEqual(verifiedValues);
  expect(gateway.dependencies.validate("http/answers/admin/reviews")(json)).toEqual([]);
});
