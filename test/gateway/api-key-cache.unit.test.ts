import { expect, test } from "vitest";
import { createApiKeyCache } from "../../gateway/api-key-cache.ts";
import { manualClock } from "../../runtime/clock.ts";

function cacheWith(answers: (string | null | Error)[]) {
  const clock = manualClock(0);
  const asked: string[] = [];
  const find = async (sha256: string) => {
    asked.push(sha256);
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? null;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { cache: createApiKeyCache({ find, clock: clock.now, maxEntries: 2 }), clock, asked };
}

test("an answer is used for less than a second", async () => {
  const { cache, clock, asked } = cacheWith(["acme", "globex"]);
  expect(await cache.find("a")).toBe("acme");
  clock.advance(999);
  expect(await cache.find("a")).toBe("acme");
  clock.advance(1);
  expect(await cache.find("a")).toBe("globex");
  expect(asked).toEqual(["a", "a"]);
});

test("that nobody has a key is remembered too", async () => {
  const { cache, asked } = cacheWith([null]);
  expect(await cache.find("a")).toBeNull();
  expect(await cache.find("a")).toBeNull();
  expect(asked).toEqual(["a"]);
});

test("questions asked at once share one lookup", async () => {
  const { cache, asked } = cacheWith(["acme"]);
  expect(await Promise.all([cache.find("a"), cache.find("a")])).toEqual(["acme", "acme"]);
  expect(asked).toEqual(["a"]);
});

test("a failed lookup is not remembered", async () => {
  const { cache } = cacheWith([new Error("away"), "acme"]);
  await expect(cache.find("a")).rejects.toThrow("away");
  expect(await cache.find("a")).toBe("acme");
});

test("clearing makes the next question a lookup, also when a clock went back", async () => {
  const { cache, clock, asked } = cacheWith(["acme"]);
  await cache.find("a");
  cache.clear();
  await cache.find("a");
  clock.advance(-5_000);
  await cache.find("a");
  expect(asked).toEqual(["a", "a", "a"]);
});

test("the cache does not grow without end", async () => {
  const { cache, asked } = cacheWith(["acme"]);
  for (const key of ["a", "b", "c", "a"]) await cache.find(key);
  expect(asked).toEqual(["a", "b", "c", "a"]);
});
