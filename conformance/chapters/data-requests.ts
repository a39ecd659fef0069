import { at, isError, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Answer } from "../client.ts";
import type { Chapter, Expect, Subject } from "../subject.ts";

const CALLBACK = "https://conformance.invalid/hook";
const MISSING = ["name.secondName", "idNumber", "dob"];

interface Asked extends Answer {
  readonly referenceId: string;
}

/** A link with a callbackUrl asks for data whoever has webhook endpoints; nobody answers at that address, and nobody has to. */
async function asked({ call, newReferenceId }: Subject): Promise<Asked> {
  const referenceId = newReferenceId();
  const userData = { name: { firstName: "Juan", lastName: "Garcia" } };
  const made = await call({
    method: "POST",
    path: "/partner/links",
    body: { referenceId, userData, callbackUrl: CALLBACK },
  });
  return { ...made, referenceId };
}

export const DATA_REQUESTS: Chapter = {
  title: "data requests",
  check: async (subject, expect) => {
    const { call, newReferenceId } = subject;
    const made = await asked(subject);
    const { referenceId } = made;
    const path = `/partner/data-requests/${textAt(made, "data.dataRequestId")}`;
    const answer = (body: object) => call({ method: "PUT", path, body });
    await expect("it asks for exactly what is missing, as dotted paths", async () => {
      const shown = await call({ path });
      isSuccess(shown, 200);
      same(
        [at(shown.json, "data.status"), listAt(shown, "data.requiredFields")],
        ["open", MISSING],
        "status and requiredFields",
      );
      same(listAt(made, "data.missingFields"), MISSING, "missingFields of the link");
    });
    await expect("another referenceId is 400 REFERENCE_ID_MISMATCH and does not reveal the true one", async () => {
      const refused = await answer({ referenceId: newReferenceId(), userData: { dob: "1990-05-15" } });
      isError(refused, { status: 400, code: "REFERENCE_ID_MISMATCH" });
      same(refused.text.includes(referenceId), false, "the true referenceId in the answer");
    });
    await expect("an answer without userData is 400", async () => {
      isError(await answer({ referenceId }), { status: 400, code: "INVALID_REQUEST", names: "userData" });
    });
    await expect("one invalid field refuses the whole answer", async () => {
      isError(await answer({ userData: { idNumber: "GALO900515", dob: "1990-02-30" } }), {
        status: 400,
        code: "INVALID_REQUEST",
        names: "userData.dob",
      });
      same(at((await call({ path })).json, "data.remainingFields"), MISSING, "remainingFields");
    });
    await expect("a partial answer is 200, tells what remains, and keeps the request open", async () => {
      const part = await answer({ referenceId, userData: { idNumber: "GALO900515" } });
      isSuccess(part, 200);
      same(
        [at(part.json, "data.status"), at(part.json, "data.remainingFields")],
        ["partially_answered", ["name.secondName", "dob"]],
        "status and remainingFields",
      );
    });
    await checkFulfilled(subject, expect, made);
    await checkLater(subject, expect);
  },
};

async function checkFulfilled({ call }: Subject, expect: Expect, made: Asked): Promise<void> {
  const { referenceId } = made;
  const path = `/partner/data-requests/${textAt(made, "data.dataRequestId")}`;
  const answer = (body: object) => call({ method: "PUT", path, body });
  await expect("the rest fulfils it, with the documented answer", async () => {
    const whole = await answer({ userData: { name: { secondName: "Carlos" }, dob: "1990-05-15" } });
    isSuccess(whole, 200);
    same(at(whole.json, "data.status"), "fulfilled", "status");
    same(at(whole.json, "data.linkId"), textAt(made, "data.linkId"), "linkId");
    same(at(whole.json, "data.message"), "User data received and merged successfully", "message");
    same(at(whole.json, "data.remainingFields"), [], "remainingFields");
  });
  await expect("the same answer again: same 200, same version", async () => {
    const versionOf = async () => at((await call({ path: `/partner/users/${referenceId}` })).json, "data.userVersion");
    const before = await versionOf();
    isSuccess(await answer({ userData: { name: { secondName: "Carlos" }, dob: "1990-05-15" } }), 200);
    same(await versionOf(), before, "userVersion");
  });
  await expect("what nobody asked for is ignored as not_requested", async () => {
    const more = await answer({ userData: { idType: "CURP" } });
    const ignored = listAt(more, "data.ignoredFields").map((field) => [at(field, "path"), at(field, "reason")]);
    same(ignored, [["idType", "not_requested"]], "ignoredFields");
  });
  await expect("the user is data_complete, with source partner_webhook", async () => {
    const user = await call({ path: `/partner/users/${referenceId}` });
    same(
      [at(user.json, "data.state"), at(Object(at(user.json, "data.fields"))["dob"], "source")],
      ["data_complete", "partner_webhook"],
      "state and source of dob",
    );
  });
  await expect("the list shows it, by referenceId and status", async () => {
    const list = await call({ path: `/partner/data-requests?referenceId=${referenceId}&status=fulfilled` });
    same(
      listAt(list, "data.items").map((item) => at(item, "dataRequestId")),
      [textAt(made, "data.dataRequestId")],
      "dataRequestIds",
    );
  });
}

async function checkLater(subject: Subject, expect: Expect): Promise<void> {
  const { call } = subject;
  await expect("an answer to a revoked link's request is 409 LINK_REVOKED", async () => {
    const other = await asked(subject);
    await call({ method: "POST", path: `/partner/links/${textAt(other, "data.linkId")}/revoke`, body: {} });
    const late = await call({
      method: "PUT",
      path: `/partner/data-requests/${textAt(other, "data.dataRequestId")}`,
      body: { userData: { dob: "1990-05-15" } },
    });
    isError(late, { status: 409, code: "LINK_REVOKED" });
  });
}
