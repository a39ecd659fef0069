import { at, fits, isError, isSuccess, same, textAt } from "../checks.ts";
import { BASIC, liveReason, opened, pageOf, stateOf } from "../page.ts";
import type { Chapter } from "../subject.ts";

/** Outcomes of the identity check, forced in the sandbox by the end of the idNumber. */
export const IDENTITY_CHECK: Chapter = {
  title: "identity check",
  skipReason: liveReason,
  check: async (subject, expect) => {
    const { call, until } = subject;
    await expect("readiness tells what is missing", async () => {
      const referenceId = subject.newReferenceId();
      const made = await call({ method: "POST", path: "/partner/links", body: { referenceId, userData: BASIC } });
      const ready = await call({ path: `/partner/links/${textAt(made, "data.linkId")}/cip-readiness` });
      isSuccess(ready, 200);
      same(
        [at(ready.json, "data.ready"), at(ready.json, "data.missingFields")],
        [false, ["idNumber"]],
        "ready and missingFields",
      );
    });
    await expect("a check that fails ends in cip_failed with its reason, and may be tried again", async () => {
      const { page, referenceId } = await opened(subject, { idNumber: "GALO90FAIL" });
      isSuccess(await page.post("cip", { consent: true }), 202);
      await until("the user to be cip_failed", async () => (await stateOf(subject, referenceId)) === "cip_failed");
      const user = await call({ path: `/partner/users/${referenceId}` });
      same(at(user.json, "data.cip.failure.retryable"), true, "cip.failure.retryable");
      isSuccess(await page.post("cip"), 202);
    });
    await expect("after a final failure a check is 409 CIP_FAILED_FINAL, and the page offers no transfer", async () => {
      const { page, referenceId } = await opened(subject, { idNumber: "GALO9FINAL" });
      await page.post("cip");
      await until("the user to be cip_failed", async () => (await stateOf(subject, referenceId)) === "cip_failed");
      isError(await page.post("cip"), { status: 409, code: "CIP_FAILED_FINAL" });
      same(at((await page.look()).json, "data.steps"), [], "steps");
    });
    await expect("a provider that needs data makes the field missing again", async () => {
      const { page, referenceId } = await opened(subject, { idNumber: "GALO90MORE" });
      await page.post("cip");
      await until(
        "the user to be data_incomplete",
        async () => (await stateOf(subject, referenceId)) === "data_incomplete",
      );
      same(at((await page.look()).json, "data.missingFields"), ["dob"], "missingFields");
    });
    await expect("a ticket is 201 with its id and the link's page, and ends in cip_verified", async () => {
      const { page, referenceId } = await opened(subject);
      const ticket = await call({ method: "POST", path: `/partner/links/${page.linkId}/cip-tickets`, body: {} });
      isSuccess(ticket, 201);
      fits(at(ticket.json, "data.ticketId"), /^cip_/, "ticketId");
      fits(at(ticket.json, "data.url"), new RegExp(`/${page.linkId}/`), "url");
      await until("the user to be cip_verified", async () => (await stateOf(subject, referenceId)) === "cip_verified");
      isSuccess(await page.post("cip"), 200);
    });
    await expect("a ticket without all data is 409 CIP_NOT_READY", async () => {
      const referenceId = subject.newReferenceId();
      const made = await call({ method: "POST", path: "/partner/links", body: { referenceId } });
      const { linkId } = pageOf(subject, made);
      const refused = await call({ method: "POST", path: `/partner/links/${linkId}/cip-tickets`, body: {} });
      isError(refused, { status: 409, code: "CIP_NOT_READY" });
    });
  },
};
