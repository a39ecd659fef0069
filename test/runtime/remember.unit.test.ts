import { expect, test } from "vitest";
import { remember } from "../../runtime/remember.ts";

test("a map forgets what was remembered longest ago, and what is remembered again is the newest", () => {
  const map = new Map<string, number>();
  for (const [index, key] of ["a", "b", "c", "a", "d"].entries()) remember(map, [key, index], 3);
  expect([...map]).toEqual([
    ["c", 2],
    ["a", 3],
    ["d", 4],
  ]);
});
