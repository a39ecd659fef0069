import { describe, expect, test } from "vitest";
import { createPartner } from "../../storage/configuration/partners.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { brokenBy, CREATED_AT, insertRow, LATER } from "./rows.ts";

const { em } = useDatabase();

describe("configuration", () => {
  test("a partner's slug is what ids can carry, and is there once", async () => {
    const now = CREATED_AT;
    for (const slug of ["a", "Acme", "acme_1", "a".repeat(33), "a/b"]) {
      expect(await brokenBy(createPartner(em(), { slug, name: "A" }, now))).toBe("partners_slug_form");
    }
    expect(await createPartner(em(), { slug: "acme-2", name: "A" }, now)).toBe(true);
    expect(await createPartner(em(), { slug: "acme-2", name: "B" }, now)).toBe(false);
  });

  test("a key belongs to a partner, and its hash is a hash that stands once", async () => {
    await createPartner(em(), { slug: "keys", name: "Keys" }, CREATED_AT);
    const key = {
      key_id: "key_1",
      partner: "keys",
      environment: "test",
      prefix: "m2m_test_abcd",
      sha256: "a".repeat(64),
      permissions: [],
      created_at: CREATED_AT,
    };
    await insertRow(em(), "api_keys", key);
    const other = { ...key, key_id: "key_2" };
    expect(await brokenBy(insertRow(em(), "api_keys", other))).toBe("api_keys_sha256_unique");
    expect(await brokenBy(insertRow(em(), "api_keys", { ...other, sha256: "secret" }))).toBe("api_keys_sha256_form");
    const orphan = { ...other, sha256: "b".repeat(64), partner: "nobody" };
    expect(await brokenBy(insertRow(em(), "api_keys", orphan))).toBe("api_keys_partner_foreign");
  });

  test("an image has the size that is said of it", async () => {
    const sql = `insert into images (image_id, partner, environment, sha256, size_in_bytes, media_type, bytes, created_at)
      values ($1, 'acme', 'test', 'x', $2, 'image/png', $3, $4)`;
    expect(await brokenBy(runSql(em(), sql, ["img_1", 2, Buffer.from("abc"), CREATED_AT]))).toBe("images_size");
    expect(await brokenBy(runSql(em(), sql, ["img_1", 3, Buffer.from("abc"), CREATED_AT]))).toBe("nothing");
  });

  test("an Idempotency-Key has 1..255 characters and an answer is whole", async () => {
    const row = { partner: "acme", environment: "test", method: "POST", path: "/x", body_hash: "h", created_at: LATER };
    const add = (given: object) => brokenBy(insertRow(em(), "idempotency", { ...row, ...given }));
    expect(await add({ key: "" })).toBe("idempotency_key_length");
    expect(await add({ key: "k".repeat(256) })).toBe("idempotency_key_length");
    expect(await add({ key: "k1", status: 201 })).toBe("idempotency_answer_whole");
    expect(await add({ key: "k1" })).toBe("nothing");
    expect(await add({ key: "k1" })).toBe("idempotency_pkey");
  });
});
