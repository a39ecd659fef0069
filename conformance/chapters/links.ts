import { at, fits, holds, isError, isSuccess, listAt, same, textAt } from "../checks.ts";
import type { Answer } from "../client.ts";
import type { Chapter, Expect, Subject } from "../subject.ts";

const PATH = "/partner/links";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const TOKEN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const LINKS: Chapter = {
  title: "links",
  check: async (subject, expect) => {
    await checkCreated(subject, expect);
    await checkLimits(subject, expect);
    await checkActive(subject, expect);
  },
};

function create({ call, newReferenceId }: Subject, body: object = {}): Promise<Answer> {
  return call({ method: "POST", path: PATH, body: { referenceId: newReferenceId(), ...body } });
}

/** Minutes between a link's creation and its end. */
function minutesOf(answer: Answer): number {
  return (Date.parse(textAt(answer, "data.expiresAt")) - Date.parse(textAt(answer, "data.createdAt"))) / 60_000;
}

async function checkCreated(subject: Subject, expect: Expect): Promise<void> {
  const { call } = subject;
  const metadata = { order: 7, nested: { list: [1, "two", null] } };
  const made = await create(subject, { metadata, language: "es", userData: { name: { firstName: "Ana" } } });
  await expect("POST is 201 and has every documented field", () => {
    isSuccess(made, 201);
    fits(at(made.json, "data.linkId"), /^link_[a-z0-9-]+_[a-z0-9]{12}$/, "linkId");
    same(at(made.json, "data.status"), "created", "status");
    fits(at(made.json, "data.token"), TOKEN, "token");
    for (const name of ["expiresAt", "createdAt"]) fits(at(made.json, `data.${name}`), TIME, name);
  });
  await expect("the url is {base}/{linkId}/{flow}#{token}, with the default flow", () => {
    const url = new URL(textAt(made, "data.url"));
    same(url.pathname.split("/").slice(-2), [textAt(made, "data.linkId"), "m2m-basic"], "the path of url");
    same(url.hash, `#${textAt(made, "data.token")}`, "the fragment of url");
  });
  await expect("a new user: userId, state, version 1, and what the identity check misses", () => {
    fits(at(made.json, "data.userId"), /^user_/, "userId");
    same(at(made.json, "data.userState"), "data_incomplete", "userState");
    same(at(made.json, "data.userVersion"), 1, "userVersion");
    holds(
      !listAt(made, "data.missingFields").includes("name.firstName"),
      "name.firstName is missing though it was sent",
    );
  });
  const detail = await call({ path: `${PATH}/${textAt(made, "data.linkId")}` });
  await expect("the detail has metadata, flow, language and steps, and no secret", () => {
    isSuccess(detail, 200);
    same(at(detail.json, "data.metadata"), metadata, "metadata");
    same([at(detail.json, "data.flow"), at(detail.json, "data.language")], ["m2m-basic", "es"], "flow and language");
    same(listAt(detail, "data.steps")[0], "open", "the first step");
    holds(!detail.text.includes(textAt(made, "data.token")), "the token is in the detail");
  });
  await expect("looking changes nothing: the link is still created", () => {
    same([at(detail.json, "data.status"), at(detail.json, "data.openedAt")], ["created", null], "status and openedAt");
  });
  await expect("unknown fields are told in warnings and not stored", async () => {
    const answer = await create(subject, { colour: "red", userData: { shoeSize: 42 } });
    const paths = listAt(answer, "data.warnings").map((warning) => at(warning, "path"));
    same([answer.status, paths.toSorted()], [201, ["colour", "userData.shoeSize"]], "status and warnings");
  });
}

async function checkLimits(subject: Subject, expect: Expect): Promise<void> {
  await expect("a link lives 60 minutes unless something else is said", async () =>
    same(minutesOf(await create(subject)), 60, "minutes"),
  );
  for (const expiresInMinutes of [5, 10080]) {
    await expect(`expiresInMinutes ${expiresInMinutes} is taken`, async () => {
      same(minutesOf(await create(subject, { expiresInMinutes })), expiresInMinutes, "minutes");
    });
  }
  for (const [what, body, names] of REFUSED) {
    await expect(`${what} is 400 and names ${names}`, async () => {
      isError(await create(subject, body), { status: 400, code: "INVALID_REQUEST", names });
    });
  }
  await expect("metadata with 50 keys is taken", async () =>
    isSuccess(await create(subject, { metadata: keys(50) }), 201),
  );
}

function keys(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));
}

const REFUSED = [
  ["expiresInMinutes 4", { expiresInMinutes: 4 }, "expiresInMinutes"],
  ["expiresInMinutes 10081", { expiresInMinutes: 10_081 }, "expiresInMinutes"],
  ["expiresInMinutes 60.5", { expiresInMinutes: 60.5 }, "expiresInMinutes"],
  ['expiresInMinutes "60"', { expiresInMinutes: "60" }, "expiresInMinutes"],
  ["expiresInMinutes null", { expiresInMinutes: null }, "expiresInMinutes"],
  ["language fr", { language: "fr" }, "language"],
  ["onActive ignore", { onActive: "ignore" }, "onActive"],
  ["callbackUrl ftp", { callbackUrl: "ftp://partner.example/hook" }, "callbackUrl"],
  ["callbackUrl with credentials", { callbackUrl: "https://user:word@partner.example/" }, "callbackUrl"],
  ["metadata as a list", { metadata: [] }, "metadata"],
  ["metadata with 51 keys", { metadata: keys(51) }, "metadata"],
  ["metadata over 16 KiB", { metadata: { long: "x".repeat(16 * 1024) } }, "metadata"],
  ["userData as text", { userData: "Ana" }, "userData"],
] as const;

async function checkActive(subject: Subject, expect: Expect): Promise<void> {
  const { call } = subject;
  const referenceId = subject.newReferenceId();
  const again = (more: object = {}) => call({ method: "POST", path: PATH, body: { referenceId, ...more } });
  const first = await again();
  const linkId = textAt(first, "data.linkId");
  const versionOf = async () => at((await call({ path: `/partner/users/${referenceId}` })).json, "data.userVersion");
  await expect("a second link is 409 ACTIVE_LINK_EXISTS with existingLinkId", async () => {
    const before = await versionOf();
    const answer = await again({ userData: { dob: "1990-05-15" } });
    isError(answer, { status: 409, code: "ACTIVE_LINK_EXISTS", message: "User already has an active link" });
    same(at(answer.json, "error.existingLinkId"), linkId, "error.existingLinkId");
    same(at(answer.json, "error.existingLink.status"), "created", "error.existingLink.status");
    same(await versionOf(), before, "userVersion after the refusal");
  });
  await expect("onActive return gives the existing link, without merging userData", async () => {
    const answer = await again({ onActive: "return", userData: { dob: "1990-05-15" } });
    isSuccess(answer, 200);
    same(textAt(answer, "data.linkId"), linkId, "linkId");
    holds(listAt(answer, "data.warnings").length > 0, "warnings should say that userData was not merged");
  });
  await expect("onActive replace revokes the old link and makes a new one", async () => {
    const answer = await again({ onActive: "replace" });
    isSuccess(answer, 201);
    holds(textAt(answer, "data.linkId") !== linkId, "the link is the same");
    same(textAt(await call({ path: `${PATH}/${linkId}` }), "data.status"), "revoked", "status of the old link");
  });
  await expect("of two creates at once exactly one is 201", async () => {
    const both = { method: "POST", path: PATH, body: { referenceId: subject.newReferenceId() } };
    const answers = await Promise.all([call(both), call(both)]);
    same(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 409],
      "the two statuses",
    );
  });
}
