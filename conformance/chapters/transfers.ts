import { at, isError, isSuccess, same, textAt } from "../checks.ts";
import { account, CURRENCY, liveReason, opened, type Page, stateOf } from "../page.ts";
import type { Chapter, Subject } from "../subject.ts";

/** A verified user on an opened link. */
async function verified(subject: Subject, more: object = {}): Promise<{ referenceId: string; page: Page }> {
  const one = await opened(subject, more);
  await one.page.post("cip");
  await subject.until(
    "the user to be cip_verified",
    async () => (await stateOf(subject, one.referenceId)) === "cip_verified",
  );
  return one;
}

function amount(send: unknown, currency: object = CURRENCY): object {
  return { amount: { send, currency } };
}

/** Transfers; in the sandbox one that ends in .13 fails and one that ends in .77 is left waiting. */
export const TRANSFERS: Chapter = {
  title: "transfers",
  skipReason: liveReason,
  check: async (subject, expect) => {
    const { call, until } = subject;
    const { page, referenceId } = await verified(subject);
    await expect("without a payment method it is 409 PAYMENT_METHOD_REQUIRED", async () => {
      isError(await page.post("operation", amount(50)), { status: 409, code: "PAYMENT_METHOD_REQUIRED" });
    });
    await call({
      method: "PATCH",
      path: `/partner/users/${referenceId}`,
      body: { userData: account("012345678901234567") },
    });
    for (const send of [0, -1, 1.001, "50", null]) {
      await expect(`an amount of ${JSON.stringify(send)} is 400`, async () => {
        isError(await page.post("operation", amount(send)), { status: 400, code: "INVALID_REQUEST" });
      });
    }
    await expect("a corridor that the partner does not have is 400", async () => {
      const refused = await page.post("operation", amount(50, { source: "USD", destination: "XAU" }));
      isError(refused, { status: 400, code: "INVALID_REQUEST" });
    });
    const first = await page.post("operation", amount(20.77));
    await expect("a transfer is 201 with the documented operation", () => {
      isSuccess(first, 201);
      same(at(first.json, "data.status"), "created", "status");
      same(at(first.json, "data.amount.send"), 20.77, "amount.send, a number");
      same(
        [at(first.json, "data.linkId"), at(first.json, "data.referenceId")],
        [page.linkId, referenceId],
        "linkId and referenceId",
      );
    });
    await expect("a second one is 409 OPERATION_EXISTS with operationId", async () => {
      const refused = await page.post("operation", amount(20.77));
      isError(refused, { status: 409, code: "OPERATION_EXISTS" });
      same(at(refused.json, "error.operationId"), textAt(first, "data.operationId"), "error.operationId");
    });
    await expect("a committed link cannot be revoked, not even by force", async () => {
      const path = `/partner/links/${page.linkId}/revoke`;
      const refused = await call({ method: "POST", path, body: { force: true } });
      isError(refused, { status: 409, code: "LINK_NOT_REVOCABLE" });
    });
    const operation = (answered: typeof first) => `/partner/operations/${textAt(answered, "data.operationId")}`;
    const ends = (path: string, status: string) =>
      until(`the transfer to be ${status}`, async () => at((await call({ path })).json, "data.status") === status);
    await expect("one that waits can be cancelled; the link lives on", async () => {
      isSuccess(await page.post("operation/cancel"), 200);
      await ends(operation(first), "cancelled");
      same(at((await page.look()).json, "data.status"), "in_progress", "the link's status");
    });
    await expect("one that fails has a reason, and another may be made", async () => {
      const failing = await page.post("operation", amount(20.13));
      isSuccess(failing, 201);
      await ends(operation(failing), "failed");
      const shown = await call({ path: operation(failing) });
      same(typeof at(shown.json, "data.failureReason"), "string", "the kind of failureReason");
      isSuccess(await page.post("operation", amount(20)), 201);
    });
  },
};
