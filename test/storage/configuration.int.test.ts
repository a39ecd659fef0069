import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import {
  createKey,
  FIRST_KEY_PERMISSIONS,
  findKey,
  hashOfKey,
  noteKeyUse,
  revokeKey,
} from "../../storage/configuration/api-keys.ts";
import { storeImage } from "../../storage/configuration/images.ts";
import { changeSettings, createPartner, findPartner, setSuspended } from "../../storage/configuration/partners.ts";
import { seedDemo } from "../../storage/configuration/seed-demo.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { CREATED_AT, LATER, uniqueName } from "./rows.ts";

const { em, url } = useDatabase();

async function newPartner(): Promise<string> {
  const slug = `p-${uniqueName()}`;
  await createPartner(em(), { slug, name: "Partner ?" }, CREATED_AT);
  return slug;
}

const newKey = async (partner: string) =>
  createKey(em(), { partner, environment: "test", permissions: FIRST_KEY_PERMISSIONS }, CREATED_AT);

describe("partners", () => {
  test("a new partner is active and has a value for every setting", async () => {
    const slug = await newPartner();
    expect(await findPartner(em(), slug)).toEqual({
      ...{ slug, name: "Partner ?", isSuspended: false, settings: DEFAULT_SETTINGS },
      ...{ createdAt: CREATED_AT, updatedAt: CREATED_AT },
    });
    expect(await findPartner(em(), "nobody")).toBeNull();
  });

  test("changes of different settings both stay", async () => {
    const slug = await newPartner();
    await Promise.all([
      changeSettings(em(), { slug, settings: { maxCipAttempts: 5 } }, LATER),
      changeSettings(em(), { slug, settings: { acceptLateAnswers: true } }, LATER),
    ]);
    expect((await findPartner(em(), slug))?.settings).toEqual({
      ...DEFAULT_SETTINGS,
      ...{ maxCipAttempts: 5, acceptLateAnswers: true },
    });
    expect(await changeSettings(em(), { slug: "nobody", settings: {} }, LATER)).toBe(false);
  });

  test("a suspended partner's keys are known, and say so", async () => {
    const slug = await newPartner();
    const { text } = await newKey(slug);
    expect(await setSuspended(em(), { slug, isSuspended: true }, LATER)).toBe(true);
    expect(await findKey(em(), hashOfKey(text))).toMatchObject({ isSuspended: true });
    await setSuspended(em(), { slug, isSuspended: false }, LATER);
    expect(await findKey(em(), hashOfKey(text))).toMatchObject({ isSuspended: false });
    expect(await setSuspended(em(), { slug: "nobody", isSuspended: true }, LATER)).toBe(false);
  });
});

describe("keys", () => {
  test("a key has the published form, is found by its hash only, and brings its partner along", async () => {
    const partner = await newPartner();
    const { text, keyId, prefix } = await newKey(partner);
    expect(text).toMatch(/^m2m_test_[A-Za-z0-9]{32}$/);
    expect(prefix).toBe(text.slice(0, 13));
    expect(await findKey(em(), hashOfKey(text))).toEqual({
      ...{ keyId, partner, environment: "test", name: "Partner ?", isSuspended: false, settings: DEFAULT_SETTINGS },
      permissions: ["links:write", "users:write", "read", "webhooks:write"],
    });
    expect(await findKey(em(), hashOfKey(`${text}x`))).toBeNull();
    const [row] = await runSql<object>(em(), "select * from api_keys where key_id = $1", [keyId]);
    expect(JSON.stringify(row)).not.toContain(text.slice(13));
  });

  test("a live key is another key in another world", async () => {
    const partner = await newPartner();
    const { text } = await createKey(em(), { partner, environment: "live", permissions: ["pii:read"] }, CREATED_AT);
    expect(text).toMatch(/^m2m_live_/);
    expect(await findKey(em(), hashOfKey(text))).toMatchObject({ environment: "live", permissions: ["pii:read"] });
  });

  test("a revoked key is unknown at once, and only its partner can revoke it", async () => {
    const partner = await newPartner();
    const { text, keyId } = await newKey(partner);
    expect(await revokeKey(em(), { partner: await newPartner(), keyId }, LATER)).toBe(false);
    expect(await findKey(em(), hashOfKey(text))).not.toBeNull();
    expect(await revokeKey(em(), { partner, keyId }, LATER)).toBe(true);
    expect(await findKey(em(), hashOfKey(text))).toBeNull();
    expect(await revokeKey(em(), { partner, keyId }, LATER)).toBe(false);
  });

  test("the last use is noted to the minute and never goes back", async () => {
    const { keyId } = await newKey(await newPartner());
    const lastUse = async () => {
      const [row] = await runSql<{ at: string }>(em(), "select last_used_at as at from api_keys where key_id = $1", [
        keyId,
      ]);
      return new Date(row?.at ?? 0).toISOString();
    };
    await noteKeyUse(em(), keyId, "2026-03-01T10:00:00.000Z");
    await noteKeyUse(em(), keyId, "2026-03-01T10:00:59.999Z");
    expect(await lastUse()).toBe("2026-03-01T10:00:00.000Z");
    await noteKeyUse(em(), keyId, "2026-03-01T10:01:00.001Z");
    await noteKeyUse(em(), keyId, "2026-03-01T09:00:00.000Z");
    expect(await lastUse()).toBe("2026-03-01T10:01:00.001Z");
  });
});

test("an image is stored whole and named by id, hash and size", async () => {
  const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => index % 256);
  const image = { bytes, mediaType: "image/png" };
  const reference = await storeImage(em(), { scope: { partner: "acme", environment: "test" }, image }, CREATED_AT);
  expect(reference).toMatchObject({ sizeInBytes: 5_000, imageId: expect.stringMatching(/^img_acme_/) });
  const sql = "select bytes, sha256, media_type from images where image_id = $1 and partner = 'acme'";
  const [row] = await runSql<{ bytes: Buffer; sha256: string }>(em(), sql, [reference.imageId]);
  expect(row?.bytes.equals(bytes)).toBe(true);
  expect(row?.sha256).toBe(reference.sha256);
});

describe("the demo partner", () => {
  test("seeding again keeps the key, also one that an earlier database knew", async () => {
    const first = await seedDemo({ databaseUrl: url() });
    expect(await seedDemo({ databaseUrl: url(), apiKey: first.apiKey })).toEqual(first);
    const apiKey = `m2m_test_${"k".repeat(32)}`;
    expect(await seedDemo({ databaseUrl: url(), apiKey })).toEqual({ apiKey });
    expect(await findKey(em(), hashOfKey(apiKey))).toMatchObject({ partner: "acme", environment: "test" });
  });

  test("a revoked or malformed key is not given again", async () => {
    const { apiKey } = await seedDemo({ databaseUrl: url() });
    const key = await findKey(em(), hashOfKey(apiKey));
    await revokeKey(em(), { partner: "acme", keyId: key?.keyId ?? "" }, LATER);
    for (const old of [apiKey, "m2m_live_1", "'; --"]) {
      const again = await seedDemo({ databaseUrl: url(), apiKey: old });
      expect(again.apiKey).not.toBe(old);
      expect(await findKey(em(), hashOfKey(again.apiKey))).not.toBeNull();
    }
  });
});
