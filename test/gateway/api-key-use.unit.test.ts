import { expect, test } from "vitest";
import { createKeyUse } from "../../gateway/api-key-use.ts";
import { manualClock } from "../../runtime/clock.ts";
import { createLog } from "../../runtime/log.ts";

const log = createLog({ level: "silent", component: "test" });

test("the use of a key is noted at most once a minute, each key for itself", () => {
  const clock = manualClock(Date.parse("2026-03-01T12:00:00.000Z"));
  const written: (readonly [string, string])[] = [];
  const write = async (keyId: string, now: string) => void written.push([keyId, now]);
  const noteUse = createKeyUse({ write, clock: clock.now, log });
  for (const keyId of ["a", "a", "b"]) noteUse(keyId);
  clock.advance(60_000);
  noteUse("a");
  expect(written).toEqual([
    ["a", "2026-03-01T12:00:00.000Z"],
    ["b", "2026-03-01T12:00:00.000Z"],
    ["a", "2026-03-01T12:01:00.000Z"],
  ]);
});

test("a note that fails is made again with the next use", async () => {
  const clock = manualClock(0);
  let calls = 0;
  const write = async () => {
    calls += 1;
    if (calls === 1) throw new Error("away");
  };
  const noteUse = createKeyUse({ write, clock: clock.now, log });
  noteUse("a");
  await new Promise((tick) => setImmediate(tick));
  noteUse("a");
  noteUse("a");
  expect(calls).toBe(2);
});
