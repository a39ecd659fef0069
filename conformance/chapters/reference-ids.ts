import { at, isError, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Chapter } from "../subject.ts";

const JUNK = ["", "null", "undefined", "-1", "0", "000", "---", "anonymous", " spaced", "spaced ", "línea", "a\u0007b"];

export const REFERENCE_IDS: Chapter = {
  title: "reference ids",
  check: async ({ call, newReferenceId }, expect) => {
    const create = (referenceId: unknown) => call({ method: "POST", path: "/partner/links", body: { referenceId } });
    await expect("a missing referenceId is 400, with the documented message", async () => {
      const answer = await call({ method: "POST", path: "/partner/links", body: {} });
      isError(answer, {
        status: 400,
        code: "INVALID_REQUEST",
        message: "The referenceId field is required",
        names: "referenceId",
      });
    });
    for (const junk of [...JUNK, 7, null, "x".repeat(256)]) {
      const shown =
        typeof junk === "string" && junk.length > 20 ? `of ${junk.length} characters` : JSON.stringify(junk);
      await expect(`referenceId ${shown} is 400`, async () => {
        isError(await create(junk), { status: 400, code: "INVALID_REQUEST", names: "referenceId" });
      });
    }
    await expect("a referenceId of 255 characters is taken", async () => {
      isSuccess(await create(newReferenceId().padEnd(255, "x")), 201);
    });
    await expect("a referenceId is case-sensitive: two users", async () => {
      const small = newReferenceId();
      const [one, other] = [await create(small), await create(small.toUpperCase())];
      same(textAt(one, "data.userId") === textAt(other, "data.userId"), false, "one user for both");
    });
    await expect("one that looks like an e-mail is taken, with a warning", async () => {
      const answer = await create(`${newReferenceId()}@partner.example`);
      isSuccess(answer, 201);
      same(
        listAt(answer, "data.warnings").map((warning) => at(warning, "path")),
        ["referenceId"],
        "the paths of warnings",
      );
    });
  },
};
