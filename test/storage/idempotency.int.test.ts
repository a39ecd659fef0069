import { expect, test } from "vitest";
import { type Claim, createIdempotencyRecords } from "../../storage/configuration/idempotency.ts";
import { createSealing } from "../../storage/sealing.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { uniqueName } from "./rows.ts";

const { em } = useDatabase();
const records = createIdempotencyRecords(createSealing("a server secret of at least 32 characters"));
const answer = { status: 201, response: '{"success":true,"data":{"token":"b2f6…"}}' };

const request = (given: Partial<Claim> = {}): Claim => ({
  partner: "acme",
  environment: "test",
  method: "POST",
  path: "/partner/links",
  key: uniqueName(),
  bodyHash: "hash-1",
  commandId: `cmd_acme_${uniqueName()}`,
  now: "2026-03-01T10:00:00.000Z",
  ...given,
});

test("the first request begins, a second joins its command, another body is refused", async () => {
  const first = request();
  expect(await records.claim(em(), first)).toEqual({ kind: "new", commandId: first.commandId });
  const again = { ...first, commandId: "cmd_acme_other" };
  expect(await records.claim(em(), again)).toEqual({ kind: "joined", commandId: first.commandId });
  expect(await records.claim(em(), { ...again, bodyHash: "hash-2" })).toEqual({ kind: "reused" });
});

test("once answered, the same request gets the same answer, and another body is still refused", async () => {
  const first = request();
  await records.claim(em(), first);
  expect(await records.complete(em(), first, answer)).toEqual(answer);
  expect(await records.complete(em(), first, { status: 409, response: "later" })).toEqual(answer);
  expect(await records.claim(em(), request({ ...first, commandId: "cmd_acme_other" }))).toEqual({
    ...{ kind: "answered", commandId: first.commandId },
    ...answer,
  });
  expect(await records.claim(em(), { ...first, bodyHash: "hash-2" })).toEqual({ kind: "reused" });
});

test("the answer is sealed at rest", async () => {
  const first = request();
  await records.claim(em(), first);
  await records.complete(em(), first, answer);
  const [row] = await runSql<object>(em(), "select * from idempotency where key = $1", [first.key]);
  expect(JSON.stringify(row)).not.toContain("token");
});

test("of many at once exactly one is the first, and all have its command", async () => {
  const { key } = request();
  const claims = Array.from({ length: 20 }, () => request({ key }));
  const claimed = await Promise.all(claims.map((claim) => records.claim(em(), claim)));
  const first = claimed.filter(({ kind }) => kind === "new");
  expect(first).toHaveLength(1);
  for (const one of claimed) expect(one).toMatchObject({ commandId: (first[0] as { commandId: string }).commandId });
});

test("the same key elsewhere is another key", async () => {
  const first = request();
  await records.claim(em(), first);
  const elsewhere: Partial<Claim>[] = [
    { partner: "other" },
    { environment: "live" },
    { method: "PUT" },
    { path: "/partner/links/1/revoke" },
    { key: first.key.toUpperCase().concat("?") },
  ];
  for (const given of elsewhere) {
    expect(await records.claim(em(), { ...first, ...given, bodyHash: "hash-2" })).toMatchObject({ kind: "new" });
  }
});

test("after 24 hours a key is as if it had never been used, whatever became of it", async () => {
  for (const isAnswered of [true, false]) {
    const first = request();
    await records.claim(em(), first);
    if (isAnswered) await records.complete(em(), first, answer);
    const next = { ...first, bodyHash: "hash-2", commandId: "cmd_acme_next" };
    expect(await records.claim(em(), { ...next, now: "2026-03-02T09:59:59.999Z" })).toEqual({ kind: "reused" });
    const late = { ...next, now: "2026-03-02T10:00:00.000Z" };
    expect(await records.claim(em(), late)).toEqual({ kind: "new", commandId: "cmd_acme_next" });
    expect(await records.claim(em(), late)).toEqual({ kind: "joined", commandId: "cmd_acme_next" });
  }
});

test("of many that find an expired key exactly one takes it over", async () => {
  const first = request();
  await records.claim(em(), first);
  const late = Array.from({ length: 10 }, () => request({ key: first.key, now: "2026-03-03T10:00:00.000Z" }));
  const claimed = await Promise.all(late.map((claim) => records.claim(em(), claim)));
  expect(claimed.filter(({ kind }) => kind === "new")).toHaveLength(1);
});

test("a released claim is forgotten, an answered one is not", async () => {
  const first = request();
  await records.claim(em(), first);
  await records.release(em(), first, "cmd_acme_of_another_request");
  expect(await records.claim(em(), first)).toMatchObject({ kind: "joined" });
  await records.release(em(), first, first.commandId ?? "");
  expect(await records.claim(em(), { ...first, bodyHash: "hash-2" })).toMatchObject({ kind: "new" });
  await records.complete(em(), first, answer);
  await records.release(em(), first, first.commandId ?? "");
  expect(await records.claim(em(), { ...first, bodyHash: "hash-2" })).toMatchObject({ kind: "answered" });
});

test("a claim inside a transaction makes the next one wait for its end", async () => {
  const first = request({ commandId: null });
  const outside = await em().transactional(async (unit) => {
    await records.claim(unit, first);
    const waiting = records.claim(em(), first);
    await records.complete(unit, first, answer);
    return { waiting };
  });
  expect(await outside.waiting).toEqual({ kind: "answered", commandId: null, ...answer });
});
