import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callerOf, type Json } from "../support/http.ts";
import { until } from "../support/until.ts";
import { type CliStage, startCliStage } from "./stage.ts";

const USER_DATA = JSON.stringify({
  name: { firstName: "Ana", secondName: "Maria", lastName: "Torres" },
  idNumber: "TOAM900101MDFRRN09",
  dob: "1990-01-01",
  paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "032180000118359719" } },
});

let stage: CliStage;
let { cli, done, refused } = {} as CliStage;

/** One step of the widget behind a link. */
async function step({ linkId, token }: Json, name: string, body: object): Promise<Json> {
  const call = callerOf(stage.system.gatewayUrl);
  const answered = await call({ method: "POST", path: `/widget/links/${linkId}/${name}`, bearer: token, body });
  expect(answered.status, answered.text).toBeLessThan(300);
  return answered.json.data;
}

beforeAll(async () => {
  stage = await startCliStage(["users", "cip-results", "operation-updates", "parked"]);
  ({ cli, done, refused } = stage);
});
afterAll(() => stage.stop());

describe("partners and keys", () => {
  test("a partner and its key are made, listed, used, revoked; suspended and let in again", async () => {
    const settings = '{"maxCipAttempts":5}';
    const made = await done("partners", "create", "cli-bank", "--name", "CLI Bank", "--settings", settings);
    expect(made).toMatchObject({ slug: "cli-bank", status: "active", settings: { maxCipAttempts: 5 } });
    expect((await done("partners", "list")).items).toContainEqual(expect.objectContaining({ slug: "cli-bank" }));
    expect(await refused("partners", "create", "cli-bank", "--name", "Again")).toMatchObject({
      ...{ kind: "refused", code: "PARTNER_EXISTS", wayOut: expect.stringContaining("another slug") },
    });

    const { key, keyId } = await done("keys", "create", "--partner", "cli-bank", "--environment", "test");
    const own = ["--key", key];
    expect(await done("links", "list", ...own)).toMatchObject({ items: [], pagination: { total: 0 } });
    const listed = await done("keys", "list", "--partner", "cli-bank");
    expect(listed.items).toEqual([expect.objectContaining({ keyId, revokedAt: null })]);
    expect(JSON.stringify(listed)).not.toContain(key);

    await done("partners", "suspend", "cli-bank");
    expect(await refused("links", "list", ...own)).toMatchObject({
      ...{ code: "PARTNER_SUSPENDED", wayOut: expect.stringContaining("partners resume") },
    });
    await done("partners", "resume", "cli-bank");
    await done("links", "list", ...own);

    expect(await done("keys", "revoke", keyId)).toMatchObject({ keyId, revokedAt: expect.any(String) });
    expect(await refused("links", "list", ...own)).toMatchObject({ code: "INVALID_API_KEY" });
  });

  test("an admin key that is wrong is refused with the way out, in words", async () => {
    const { exitCode, err } = await cli(["partners", "list", "--admin-key", "another-admin-key"]);
    expect(exitCode).toBe(1);
    expect(err).toContain("Refused (UNAUTHORIZED)");
    expect(err).toContain("--admin-key or ADMIN_KEY");
  });
});

describe("a user's journey", () => {
  test("link, identity check, transfer, each as the system would that they belong to", async () => {
    const reference = "cli-journey";
    const link = await done("links", "create", "--reference", reference, "--user-data", USER_DATA);
    expect(link).toMatchObject({ referenceId: reference, status: "created", userState: "data_complete" });
    expect(await refused("links", "create", "--reference", reference)).toMatchObject({
      ...{ code: "ACTIVE_LINK_EXISTS", existingLinkId: link.linkId },
      wayOut: expect.stringContaining(`m2m links revoke ${link.linkId}`),
    });

    await step(link, "open", {});
    const { attemptId } = await step(link, "cip", { consent: true });
    const published = await done("cip", "publish", "--reference", reference, "--outcome", "verified");
    expect(published.message).toMatchObject({ referenceId: reference, outcome: "verified", environment: "test" });
    const stateOf = async () => (await done("users", "show", reference)).state;
    await until("the user is verified", async () => (await stateOf()) === "cip_verified");
    expect(attemptId).toMatch(/^cip_/);

    const amount = { send: 100, currency: { source: "USD", destination: "MXN" } };
    const { operationId } = await step(link, "operation", { amount });
    await done("operations", "publish", operationId, "--status", "completed");
    const statusOf = async () => (await done("operations", "show", operationId)).status;
    await until("the transfer is completed", async () => (await statusOf()) === "completed");
    const resolve = ["operations", "resolve", operationId, "--status", "failed", "--reason", "a test"];
    expect(await refused(...resolve)).toMatchObject({ code: "OPERATION_NOT_RESOLVABLE", status: "completed" });

    const shown = await done("links", "show", link.linkId, "--activity");
    expect(shown).toMatchObject({ status: "completed", activity: expect.any(Array) });
    expect(await refused("links", "revoke", link.linkId)).toMatchObject({ code: "LINK_NOT_REVOCABLE" });
  });

  test("a transfer of which nobody says anything is resolved by an operator, under a name", async () => {
    const link = await done("links", "create", "--reference", "cli-resolve", "--user-data", USER_DATA);
    await step(link, "open", {});
    const { attemptId } = await step(link, "cip", { consent: true });
    await done("cip", "publish", "--attempt", attemptId, "--outcome", "verified");
    const stateOf = async () => (await done("users", "show", "cli-resolve")).state;
    await until("the user is verified", async () => (await stateOf()) === "cip_verified");
    const amount = { send: 50, currency: { source: "USD", destination: "MXN" } };
    const { operationId } = await step(link, "operation", { amount });
    const told = ["--status", "cancelled", "--reason", "confirmed by phone", "--operator", "night-shift"];
    expect(await done("operations", "resolve", operationId, ...told)).toMatchObject({ status: "cancelled" });
    const { items } = await done("users", "history", "cli-resolve", "--limit", "100");
    expect(items.map((item: Json) => item.actor)).toContainEqual({ kind: "operator", id: "night-shift" });
  });

  test("show, explain and history tell in words what --json tells in full; no value is unmasked", async () => {
    const link = await done("links", "create", "--reference", "cli-words", "--user-data", USER_DATA);
    const [show, explain, history, list] = await Promise.all([
      cli(["users", "show", "cli-words"]),
      cli(["users", "explain", "cli-words"]),
      cli(["users", "history", "cli-words"]),
      cli(["links", "list", "--reference", "cli-words"]),
    ]);
    expect(show.out).toMatch(/state +data_complete/);
    expect(show.out).toMatch(/idNumber +\S*RN09 +partner_api/);
    expect(show.out).not.toContain("TOAM900101MDFRRN09");
    expect(explain.out).toContain("cli-words is data_complete");
    expect(explain.out).toContain("Who must act");
    expect(history.out).toMatch(/user\.created/);
    expect(list.out).toMatch(new RegExp(`${link.linkId} +cli-words +created`));
    const earlier = await done("users", "explain", "cli-words", "--at", "1");
    expect(earlier.sequence).toBe(1);
    const revoked = await done("links", "revoke", link.linkId, "--reason", "a test");
    expect(revoked).toMatchObject({ linkId: link.linkId, status: "revoked" });
  });

  test("what is not there, and what is not right, is refused with details", async () => {
    expect(await refused("users", "show", "nobody-has-this")).toMatchObject({ code: "RESOURCE_NOT_FOUND" });
    const { exitCode, err } = await cli(["links", "create", "--reference", "cli-bad", "--expires-in-minutes", "4"]);
    expect(exitCode).toBe(1);
    expect(err).toContain("  expiresInMinutes: ");
    expect(await refused("cip", "publish", "--attempt", "x".repeat(300), "--outcome", "verified")).toMatchObject({
      ...{ code: "NOT_PUBLISHED", message: expect.stringContaining("attemptId") },
    });
  });
});

describe("parked messages", () => {
  test("listed, shown with and without their bytes, not replayable, dropped once", async () => {
    const kafka = await stage.system.connectKafka();
    await kafka.write("cipResults", [{ key: "junk", value: "not a message of ours" }]);
    await kafka.stop();
    const parked = async () => (await done("parked", "list", "--status", "parked")).items;
    await until("the message is parked", async () => (await parked()).length > 0);
    const [{ parkedId }] = await parked();
    const text = await cli(["parked", "list"]);
    expect(text.out).toContain(parkedId);
    expect(await done("parked", "show", parkedId)).not.toHaveProperty("rawBase64");
    expect((await cli(["parked", "show", parkedId, "--bytes"])).out).toContain("not a message of ours");
    expect(await refused("parked", "replay", parkedId)).toMatchObject({
      ...{ code: "NOT_REPLAYABLE", wayOut: expect.stringContaining("drop it") },
    });
    expect(await done("parked", "drop", parkedId, "--reason", "junk")).toMatchObject({ status: "dropped" });
    expect(await refused("parked", "drop", parkedId, "--reason", "junk")).toMatchObject({ code: "PARKED_SETTLED" });
  });
});
