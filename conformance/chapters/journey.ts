import { at, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Answer } from "../client.ts";
import { account, BASIC, CURRENCY, liveReason, pageOf, stateOf } from "../page.ts";
import type { Chapter, Subject } from "../subject.ts";

/** The seed's three transactions with one user; needs a system whose CIP and payments answer, as the sandbox does. */
export const JOURNEY: Chapter = {
  title: "journey",
  skipReason: liveReason,
  check: async (subject, expect) => {
    const { call, until } = subject;
    const referenceId = subject.newReferenceId();
    const create = (userData?: object) =>
      call({
        method: "POST",
        path: "/partner/links",
        body: { referenceId, ...(userData === undefined ? {} : { userData }) },
      });
    const first = await create({ ...BASIC, idNumber: "GALO900515", ...account("012345678901234567") });
    const page = pageOf(subject, first);
    await expect("first link with all data: the user is data_complete", async () => {
      same(await stateOf(subject, referenceId), "data_complete", "state");
    });
    await expect("the check is 202, and ends in cip_verified", async () => {
      isSuccess(await page.post("open"), 200);
      isSuccess(await page.post("cip", { consent: true }), 202);
      await until("the user to be cip_verified", async () => (await stateOf(subject, referenceId)) === "cip_verified");
    });
    await expect("first transaction: confirmed, completed", () => transfer(subject, first, 50));
    const second = await create();
    await expect(
      "second link, no userData: nothing missing, no data request, straight to the transaction",
      async () => {
        isSuccess(second, 201);
        same(at(second.json, "data.missingFields"), [], "missingFields");
        same(at(second.json, "data.dataRequestId"), undefined, "dataRequestId");
        same(at((await pageOf(subject, second).post("open")).json, "data.steps"), ["confirm", "done"], "steps");
      },
    );
    await expect("second transaction: confirmed, completed", () => transfer(subject, second, 25.5));
    const third = await create(account("098765432109876543"));
    await expect(
      "third link with another payment method: still cip_verified, only the confirmation is left",
      async () => {
        same(at(third.json, "data.userState"), "cip_verified", "userState");
        same(at((await pageOf(subject, third).post("open")).json, "data.steps"), ["confirm", "done"], "steps");
      },
    );
    await expect("third transaction: confirmed, completed", () => transfer(subject, third, 75));
    await expect("the user's three transactions are listed", async () => {
      const list = await call({ path: `/partner/operations?referenceId=${referenceId}&status=completed` });
      same(
        listAt(list, "data.items").map((item) => at(item, "amount.send")),
        [75, 25.5, 50],
        "what was sent, newest first",
      );
    });
    await expect("what happened on a link is listed in order", async () => {
      const activity = await call({ path: `/partner/links/${page.linkId}/activity` });
      const types = listAt(activity, "data.items").map((item) => String(at(item, "type")));
      const told = ["link.created", "link.opened", "operation.created", "link.completed"];
      same(
        types.filter((type) => told.includes(type)),
        told,
        "the types",
      );
    });
  },
};

async function transfer(subject: Subject, made: Answer, send: number): Promise<void> {
  const { call, until } = subject;
  const page = pageOf(subject, made);
  const confirmed = await page.post("operation", { amount: { send, currency: CURRENCY } });
  isSuccess(confirmed, 201);
  const path = `/partner/operations/${textAt(confirmed, "data.operationId")}`;
  await until(
    "the transfer to be completed",
    async () => at((await call({ path })).json, "data.status") === "completed",
  );
  same(
    at((await call({ path: `/partner/links/${page.linkId}` })).json, "data.status"),
    "completed",
    "the link's status",
  );
}
