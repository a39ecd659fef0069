import { at, holds, isError, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Answer } from "../client.ts";
import type { Chapter, Expect, Subject } from "../subject.ts";

const PATH = "/partner/links";
const LISTS_PATHS = ["/partner/links", "/partner/users", "/partner/operations", "/partner/data-requests"];

export const LISTS: Chapter = {
  title: "lists",
  check: async (subject, expect) => {
    await checkPaging(subject, expect);
    await checkLinks(subject, expect);
  },
};

async function checkPaging({ call }: Subject, expect: Expect): Promise<void> {
  for (const path of LISTS_PATHS) {
    await expect(`${path} has items and pagination, 20 a page`, async () => {
      const answer = await call({ path });
      isSuccess(answer, 200);
      const { page, limit } = Object(at(answer.json, "data.pagination"));
      same([page, limit], [1, 20], "page and limit");
      const [total, totalPages] = ["total", "totalPages"].map((name) =>
        Number(at(answer.json, `data.pagination.${name}`)),
      );
      same(totalPages, Math.ceil((total ?? 0) / 20), "totalPages");
      same(listAt(answer, "data.items").length, Math.min(20, total ?? 0), "the number of items");
    });
    for (const query of ["page=0", "page=x", "limit=0", "limit=101", "limit=1.5"]) {
      await expect(`${path}?${query} is 400 and names the parameter`, async () => {
        const names = query.split("=")[0] ?? "";
        isError(await call({ path: `${path}?${query}` }), { status: 400, code: "INVALID_REQUEST", names });
      });
    }
  }
}

async function checkLinks({ call, newReferenceId }: Subject, expect: Expect): Promise<void> {
  const referenceId = newReferenceId();
  const create = () => call({ method: "POST", path: PATH, body: { referenceId } });
  const first = await create();
  await call({ method: "POST", path: `${PATH}/${textAt(first, "data.linkId")}/revoke`, body: {} });
  const second = await create();
  const [old, young] = [first, second].map((answer) => textAt(answer, "data.linkId"));
  const list = (query: string) => call({ path: `${PATH}?referenceId=${referenceId}${query}` });
  await expect("a user's links, newest first", async () => same(idsIn(await list("")), [young, old], "linkIds"));
  await expect("page by page", async () => {
    same(idsIn(await list("&limit=1&page=2")), [old], "linkIds of the second page");
    same(idsIn(await list("&limit=1&page=3")), [], "linkIds behind the last page");
  });
  await expect("by status", async () => same(idsIn(await list("&status=revoked")), [old], "linkIds"));
  await expect("visibility active leaves out what was revoked", async () => {
    same(idsIn(await list("&visibility=active")), [young], "linkIds");
    same(idsIn(await list("&visibility=expired")), [], "linkIds that expired");
  });
  await expect("from and to are inclusive", async () => {
    const at = encodeURIComponent(textAt(second, "data.createdAt"));
    same(idsIn(await list(`&from=${at}`)), [young], "linkIds from");
    holds(idsIn(await list(`&to=${at}`)).includes(young), "the link created at `to` is missing");
  });
  await expect("an item's url has no token", async () => {
    holds(!(await list("")).text.includes(textAt(second, "data.token")), "the token is in the list");
  });
  for (const query of ["status=open", "visibility=all", "from=yesterday"]) {
    await expect(`${query} is 400`, async () => {
      const names = query.split("=")[0] ?? "";
      isError(await call({ path: `${PATH}?${query}` }), { status: 400, code: "INVALID_REQUEST", names });
    });
  }
}

function idsIn(answer: Answer): readonly unknown[] {
  return listAt(answer, "data.items").map((item) => at(item, "linkId"));
}
