import { at, isError, isSuccess, same, textAt } from "../checks.ts";
import type { Chapter } from "../subject.ts";

export const REVOKE: Chapter = {
  title: "revoke and regenerate",
  check: async ({ call, newReferenceId }, expect) => {
    const referenceId = newReferenceId();
    const post = (path: string, body: object = {}) => call({ method: "POST", path, body });
    const made = await post("/partner/links", { referenceId, metadata: { order: 7 }, theme: "dark" });
    const path = `/partner/links/${textAt(made, "data.linkId")}`;
    await expect("a reason over 500 characters is 400", async () => {
      const answer = await post(`${path}/revoke`, { reason: "x".repeat(501) });
      isError(answer, { status: 400, code: "INVALID_REQUEST", names: "reason" });
    });
    const revoked = await post(`${path}/revoke`, { reason: "ordered twice" });
    await expect("revoke is 200 with revokedAt", () => {
      isSuccess(revoked, 200);
      same(at(revoked.json, "data.status"), "revoked", "status");
    });
    await expect("twice is 200 and keeps the first time and reason", async () => {
      const again = await post(`${path}/revoke`, { reason: "something else" });
      isSuccess(again, 200);
      same(textAt(again, "data.revokedAt"), textAt(revoked, "data.revokedAt"), "revokedAt");
      same(textAt(await call({ path }), "data.revokeReason"), "ordered twice", "revokeReason");
    });
    await expect("a revoked link can be regenerated: same metadata and theme, replaces names it", async () => {
      const answer = await post(`${path}/regenerate`, { expiresInMinutes: 5 });
      isSuccess(answer, 201);
      const detail = await call({ path: `/partner/links/${textAt(answer, "data.linkId")}` });
      same(at(detail.json, "data.replaces"), textAt(made, "data.linkId"), "replaces");
      same(
        [at(detail.json, "data.metadata"), at(detail.json, "data.theme")],
        [{ order: 7 }, "dark"],
        "metadata and theme",
      );
    });
    await expect("the page of a revoked link is 409 LINK_REVOKED for a step", async () => {
      const id = textAt(made, "data.linkId");
      const answer = await call({
        method: "POST",
        path: `/widget/links/${id}/open`,
        body: {},
        token: textAt(made, "data.token"),
      });
      isError(answer, { status: 409, code: "LINK_REVOKED" });
    });
    await expect("an unknown link cannot be revoked: 404", async () => {
      isError(await post("/partner/links/link_none_000000000000/revoke"), { status: 404, code: "RESOURCE_NOT_FOUND" });
    });
  },
};
