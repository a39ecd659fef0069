import { at, isError, isSuccess, same, textAt } from "../checks.ts";
import { account, BASIC, CURRENCY, pageOf } from "../page.ts";
import type { Chapter } from "../subject.ts";

/** The page's steps up to the identity check. */
export const WIDGET: Chapter = {
  title: "widget",
  check: async (subject, expect) => {
    const { call, newReferenceId } = subject;
    const referenceId = newReferenceId();
    const made = await call({ method: "POST", path: "/partner/links", body: { referenceId, userData: BASIC } });
    const page = pageOf(subject, made);
    await expect("a wrong token, or none, is 401 UNAUTHORIZED", async () => {
      const path = `/widget/links/${page.linkId}`;
      isError(await call({ path, token: "0".repeat(36) }), { status: 401, code: "UNAUTHORIZED" });
      isError(await call({ path, key: null }), { status: 401, code: "UNAUTHORIZED" });
    });
    await expect("a look changes nothing: the first step is to open", async () => {
      isSuccess(await page.look(), 200);
      same(at((await page.look()).json, "data.steps.0"), "open", "the first step");
    });
    await expect("a step before opening is 409 LINK_NOT_OPEN", async () => {
      const userData = { idNumber: "GALO900515" };
      isError(await page.put({ userData, version: 0 }), { status: 409, code: "LINK_NOT_OPEN" });
    });
    const opened = await page.post("open");
    await expect("opening is a step of its own; the page shows only what is missing", () => {
      isSuccess(opened, 200);
      same(at(opened.json, "data.status"), "opened", "status");
      same(at(opened.json, "data.steps"), ["data", "cip", "payment_method", "confirm", "done"], "steps");
      same(at(opened.json, "data.missingFields"), ["idNumber"], "missingFields");
    });
    await expect("opening twice opens once", async () => {
      const openedAt = async () => textAt(await call({ path: `/partner/links/${page.linkId}` }), "data.openedAt");
      const before = await openedAt();
      isSuccess(await page.post("open"), 200);
      same(await openedAt(), before, "openedAt");
    });
    await expect("a check without all data is 409 CIP_NOT_READY with missingFields", async () => {
      const refused = await page.post("cip");
      isError(refused, { status: 409, code: "CIP_NOT_READY" });
      same(at(refused.json, "error.missingFields"), ["idNumber"], "error.missingFields");
    });
    await expect("a page that is out of date is 409 STEP_OUT_OF_DATE", async () => {
      const userData = { idNumber: "GALO900515" };
      isError(await page.put({ userData, version: 99 }), { status: 409, code: "STEP_OUT_OF_DATE" });
    });
    await expect("data is taken, and the link is in progress", async () => {
      const userData = { idNumber: "GALO900515", ...account("012345678901234567") };
      const session = await page.put({ userData, version: at(opened.json, "data.version") });
      isSuccess(session, 200);
      same(at(session.json, "data.status"), "in_progress", "status");
      same(at(session.json, "data.steps"), ["cip", "confirm", "done"], "steps");
    });
    await expect("a link in progress is 409 LINK_NOT_REVOCABLE, with its status", async () => {
      const refused = await call({ method: "POST", path: `/partner/links/${page.linkId}/revoke`, body: {} });
      isError(refused, { status: 409, code: "LINK_NOT_REVOCABLE" });
      same(at(refused.json, "error.status"), "in_progress", "error.status");
    });
    await expect("a transfer before the check is 409 NOT_VERIFIED", async () => {
      const refused = await page.post("operation", { amount: { send: 50, currency: CURRENCY } });
      isError(refused, { status: 409, code: "NOT_VERIFIED" });
    });
    await expect("force revokes it all the same", async () => {
      const path = `/partner/links/${page.linkId}/revoke`;
      isSuccess(await call({ method: "POST", path, body: { force: true } }), 200);
    });
  },
};
