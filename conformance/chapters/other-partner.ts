import { at, isError, isSuccess, same, textAt } from "../checks.ts";
import type { Chapter } from "../subject.ts";

export const OTHER_PARTNER: Chapter = {
  title: "another partner",
  skipReason: ({ otherKey }) => (otherKey === null ? "no --other-key was given" : null),
  check: async ({ call, otherKey: key, newReferenceId }, expect) => {
    const referenceId = newReferenceId();
    const callbackUrl = "https://conformance.invalid/hook";
    const made = await call({ method: "POST", path: "/partner/links", body: { referenceId, callbackUrl } });
    const link = `/partner/links/${textAt(made, "data.linkId")}`;
    const dataRequest = `/partner/data-requests/${textAt(made, "data.dataRequestId")}`;
    const user = `/partner/users/${referenceId}`;
    const body = {};
    const requests = [
      ...[
        link,
        `${link}/activity`,
        `${link}/cip-readiness`,
        dataRequest,
        user,
        `${user}/history`,
        `${user}/explain`,
      ].map((path) => ({ path })),
      ...["revoke", "regenerate", "cip-tickets"].map((action) => ({ method: "POST", path: `${link}/${action}`, body })),
      { method: "PUT", path: dataRequest, body: { userData: { dob: "1990-05-15" } } },
      { method: "PATCH", path: user, body: { userData: { dob: "1990-05-15" } } },
      { method: "DELETE", path: `${user}/fields/dob` },
    ];
    for (const request of requests) {
      const { method = "GET", path } = { method: undefined, ...request };
      await expect(
        `${method ?? "GET"} ${path.replace(/_[a-z0-9-]+_[a-z0-9]{12}|conformance-[^/]+/, "…")} is 404`,
        async () => {
          isError(await call({ ...request, key }), { status: 404, code: "RESOURCE_NOT_FOUND" });
        },
      );
    }
    await expect("lists show nothing of it", async () => {
      const list = await call({ path: `/partner/links?referenceId=${referenceId}`, key });
      same([list.status, at(list.json, "data.items")], [200, []], "status and items");
    });
    await expect("the same referenceId is another user there", async () => {
      const other = await call({ method: "POST", path: "/partner/links", body: { referenceId }, key });
      isSuccess(other, 201);
      same(textAt(other, "data.userId") === textAt(made, "data.userId"), false, "one user for both");
    });
    await expect("the first partner's user is as it was", async () => {
      const now = await call({ path: user });
      same(
        [at(now.json, "data.userVersion"), at((await call({ path: link })).json, "data.status")],
        [1, "created"],
        "userVersion and the link's status",
      );
    });
  },
};
