import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { manualClock } from "../../runtime/clock.ts";
import { createCommandIds, derivedCommandId, newId } from "../../runtime/ids.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2026-03-01T10:59:59.999Z");
const SECRET = "s".repeat(32);
const OWNER = { partner: "acme", environment: "test" };

describe("newId", () => {
  test("has the documented form and does not repeat", () => {
    const ids = Array.from({ length: 2_000 }, () => newId("link", "acme"));
    for (const id of ids) expect(id).toMatch(/^link_acme_[a-z0-9]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("every character is equally likely", () => {
    const counts = new Map<string, number>();
    const drawn = 20_000;
    for (let i = 0; i < drawn; i += 1) {
      for (const character of newId("user", "a").slice(-12)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (drawn * 12) / 36;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(36);
    // 35 degrees of freedom: a fair source exceeds 100 once in ten million runs, a byte modulo 36 gives 500 and more.
    expect(chiSquare).toBeLessThan(100);
  });
});

describe("createCommandIds", () => {
  const clock = manualClock(START_MS);
  const ids = createCommandIds(SECRET, clock.now);

  test("an issued id has the documented form and is genuine", () => {
    clock.set(START_MS);
    const id = ids.issue(OWNER);
    expect(id).toMatch(/^cmd_acme_[a-z0-9]{12}$/);
    expect(ids.isGenuine(id, OWNER)).toBe(true);
    expect(createCommandIds(SECRET, clock.now).isGenuine(id, OWNER)).toBe(true);
  });

  test("it is genuine for nobody else and under no other secret", () => {
    const id = ids.issue(OWNER);
    const renamed = id.replace("acme", "bank");
    expect(ids.isGenuine(id, { partner: "acme", environment: "live" })).toBe(false);
    expect(ids.isGenuine(id, { partner: "bank", environment: "test" })).toBe(false);
    expect(ids.isGenuine(renamed, { partner: "bank", environment: "test" })).toBe(false);
    expect(createCommandIds("t".repeat(32), clock.now).isGenuine(id, OWNER)).toBe(false);
  });

  test("it is genuine for 24 hours, also across the turn of the hour number", () => {
    for (const startMs of [START_MS, 1296 * 500 * HOUR_MS - HOUR_MS]) {
      clock.set(startMs);
      const id = ids.issue(OWNER);
      const verdicts = [-HOUR_MS, 0, 23 * HOUR_MS, 24 * HOUR_MS, 25 * HOUR_MS, 500 * HOUR_MS].map((laterMs) => {
        clock.set(startMs + laterMs);
        return ids.isGenuine(id, OWNER);
      });
      expect(verdicts).toEqual([true, true, true, true, false, false]);
    }
  });

  test("invented ids are told apart", () => {
    clock.set(START_MS);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(ids.isGenuine(text, OWNER)).toBe(false);
      }),
    );
    const genuine = ids.issue(OWNER);
    const changed = Array.from({ length: 12 }, (_, place) => {
      const characters = [...genuine];
      const index = genuine.length - 12 + place;
      characters[index] = characters[index] === "7" ? "8" : "7";
      return characters.join("");
    });
    // One in 46,656 changes meets another valid checksum by chance; twelve of twelve never do.
    expect(changed.filter((id) => ids.isGenuine(id, OWNER)).length).toBeLessThan(2);
  });
});

describe("derivedCommandId", () => {
  test("the same parts give the same id, pinned so that it never changes between releases", () => {
    expect(derivedCommandId("acme", "m2m.cip-results", 3, 42)).toBe(derivedCommandId("acme", "m2m.cip-results", 3, 42));
    expect(derivedCommandId("acme", "m2m.cip-results", 3, 42)).toBe("cmd_acme_fszk1w3cz9hy");
  });

  test("parts are kept apart", () => {
    const ids = [
      derivedCommandId("acme", "a", "bc"),
      derivedCommandId("acme", "ab", "c"),
      derivedCommandId("acme", "abc"),
      derivedCommandId("bank", "a", "bc"),
    ];
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^cmd_(acme|bank)_[a-z0-9]{12}$/);
  });
});
