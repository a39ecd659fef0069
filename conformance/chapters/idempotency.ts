import { isError, same, textAt } from "../checks.ts";
import type { Chapter } from "../subject.ts";

export const IDEMPOTENCY: Chapter = {
  title: "idempotency",
  check: async ({ call, newReferenceId }, expect) => {
    const referenceId = newReferenceId();
    const headers = { "Idempotency-Key": `key-of-${referenceId}` };
    const create = (body: object) =>
      call({ method: "POST", path: "/partner/links", headers, body: { referenceId, ...body } });
    const first = await create({ userData: { dob: "1990-05-15" } });
    await expect("the same key and body give the first answer, byte for byte, marked as replayed", async () => {
      const again = await create({ userData: { dob: "1990-05-15" } });
      same([again.status, again.text], [first.status, first.text], "status and body");
      same(again.headers.get("idempotency-replayed"), "true", "Idempotency-Replayed");
    });
    await expect("the order of keys and spaces in a body do not matter", async () => {
      const rawBody = ` { "userData" : { "dob" : "1990-05-15" } , "referenceId" : "${referenceId}" } `;
      same((await call({ method: "POST", path: "/partner/links", headers, rawBody })).text, first.text, "the body");
    });
    await expect("the same key with another body is 409 IDEMPOTENCY_KEY_REUSED", async () => {
      isError(await create({ userData: { dob: "1991-05-15" } }), { status: 409, code: "IDEMPOTENCY_KEY_REUSED" });
    });
    await expect("the same key on another path is another request", async () => {
      const path = `/partner/links/${textAt(first, "data.linkId")}/revoke`;
      same((await call({ method: "POST", path, headers, body: {} })).status, 200, "status");
    });
    await expect("a refusal is remembered too", async () => {
      const twice = newReferenceId();
      await call({ method: "POST", path: "/partner/links", body: { referenceId: twice } });
      const request = {
        method: "POST",
        path: "/partner/links",
        headers: { "Idempotency-Key": twice },
        body: { referenceId: twice },
      };
      const [one, other] = [await call(request), await call(request)];
      same(
        [one.status, other.status, other.headers.get("idempotency-replayed")],
        [409, 409, "true"],
        "statuses and Idempotency-Replayed",
      );
    });
    await expect("two at once make one link", async () => {
      const body = { referenceId: newReferenceId() };
      const request = {
        method: "POST",
        path: "/partner/links",
        headers: { "Idempotency-Key": body.referenceId },
        body,
      };
      const [one, other] = await Promise.all([call(request), call(request)]);
      same(
        [one.status, other.status, one.text === other.text],
        [201, 201, true],
        "statuses, and whether the bodies are the same",
      );
    });
    await expect("a key of 256 characters is 400", async () => {
      const long = { "Idempotency-Key": "x".repeat(256) };
      isError(await call({ method: "POST", path: "/partner/links", headers: long, body: { referenceId } }), {
        status: 400,
        code: "INVALID_REQUEST",
      });
    });
  },
};
