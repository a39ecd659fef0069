import fc from "fast-check";
import { expect, test } from "vitest";
import { createLanes, type Slot } from "../../../consumers/webhooks/lanes.ts";
import { SLOT_CLASSES } from "../../../domain/webhook/slots.ts";

const slot = (lane: string, slotClass: Slot["slotClass"] = "first", rateLimit: number | null = null): Slot => ({
  lane,
  slotClass,
  rateLimit,
});
const GOOD = { sign: "there", durationMs: 5, isTimeout: false, isDelivered: true } as const;
const HUNG = { sign: "away", durationMs: 30_000, isTimeout: true, isDelivered: false } as const;
const lanesOf = (concurrency = 64, clock = () => 0) => createLanes(concurrency, clock);
const takeAll = (lanes: ReturnType<typeof lanesOf>, one: Slot, tries = 200) =>
  Array.from({ length: tries }, () => lanes.tryTake(one)).filter(Boolean).length;

test("bar 14 no order of taking and giving back exceeds a share, and what is given back is free again", () => {
  const steps = fc.array(
    fc.record({
      lane: fc.constantFrom("a", "b", "c", "d"),
      slotClass: fc.constantFrom(...SLOT_CLASSES),
      isBack: fc.boolean(),
    }),
    { maxLength: 300 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const lanes = lanesOf(32);
      const taken: Slot[] = [];
      for (const { isBack, ...one } of all) {
        if (isBack) {
          const back = taken.pop();
          if (back !== undefined) lanes.giveBack(back);
        } else if (lanes.tryTake(slot(one.lane, one.slotClass))) taken.push(slot(one.lane, one.slotClass));
        const { first, retry, replay } = lanes.inUse();
        expect(first + retry + replay).toBe(taken.length);
        expect([first <= 28, retry <= 16, replay <= 8]).toEqual([true, true, true]);
        for (const lane of ["a", "b", "c", "d"])
          expect(taken.filter((it) => it.lane === lane).length).toBeLessThanOrEqual(8);
      }
      for (const one of taken) lanes.giveBack(one);
      expect(lanes.rooms()).toMatchObject({ all: 32, lanes: [] });
    }),
  );
});

test("bar 1 lanes that fail share a quarter of all slots, however many they are; the rest stays with the others", () => {
  const lanes = lanesOf();
  for (let number = 0; number < 50; number += 1) lanes.learn(`hung${number}`, HUNG);
  let failing = 0;
  for (let number = 0; number < 50; number += 1) failing += takeAll(lanes, slot(`hung${number}`));
  expect(failing).toBe(16);
  expect(takeAll(lanes, slot("well"))).toBe(8);
});

test("retries and replays never take what live traffic needs", () => {
  const lanes = lanesOf();
  let taken = 0;
  for (let number = 0; number < 20; number += 1) taken += takeAll(lanes, slot(`r${number}`, "retry"));
  expect(taken).toBe(32);
  for (let number = 0; number < 20; number += 1) taken += takeAll(lanes, slot(`p${number}`, "replay"));
  expect(taken).toBe(48);
  expect(takeAll(lanes, slot("live1")) + takeAll(lanes, slot("live2"))).toBe(16);
});

test("a lane grows with its successes, up to a quarter of all slots", () => {
  const lanes = lanesOf();
  expect(takeAll(lanes, slot("a"))).toBe(8);
  for (let number = 0; number < 100; number += 1) lanes.learn("a", GOOD);
  expect(takeAll(lanes, slot("a"))).toBe(8);
});

test("bar 11 of a receiver's own limit no more than half a second waits in slots", () => {
  expect(takeAll(lanesOf(), slot("a", "first", 10))).toBe(5);
  expect(takeAll(lanesOf(), slot("a", "first", 1))).toBe(1);
});

test("bar 11 the fifth attempt in a row that finds the receiver away opens the lane; an open lane takes nothing along", () => {
  const lanes = lanesOf();
  expect([1, 2, 3, 4, 5].map(() => lanes.learn("a", HUNG))).toEqual([false, false, false, false, true]);
  lanes.setStates(new Map([["a", "open"]]));
  expect(lanes.learn("a", HUNG)).toBe(false);
  expect(lanes.tryTake(slot("a"))).toBe(false);
  expect([lanes.stateOf("a"), lanes.stateOf("b")]).toEqual(["open", "flowing"]);
  expect(lanes.countStates()).toEqual({ open: 1, recovering: 0 });
});

test("what arrives stands behind what waits, until a claim has left room unused", () => {
  const lanes = lanesOf();
  lanes.queued("a");
  expect(lanes.tryTake(slot("a"))).toBe(false);
  const full = lanes.rooms();
  const eight = Array.from({ length: 8 }, () => slot("a"));
  expect(lanes.claimed(full, eight, false)).toBe(false);
  expect(lanes.hasQueue("a")).toBe(true);
  lanes.claimed(lanes.rooms(), [slot("a")], false);
  expect(lanes.hasQueue("a")).toBe(false);
  expect(lanes.tryTake(slot("a"))).toBe(true);
});

test("a claim that filled what a class may have says that there may be more", () => {
  const lanes = lanesOf(32);
  const claimed = Array.from({ length: 8 }, (_, index) => slot(`lane${index}`, "replay"));
  lanes.queued("lane0");
  expect(lanes.claimed(lanes.rooms(), claimed, false)).toBe(true);
  expect(lanes.hasQueue("lane0")).toBe(true);
});

test("a lane that new events keep full lets what waits have its turn once a second", () => {
  const lanes = lanesOf();
  for (let taken = 0; taken < 8; taken += 1) lanes.take(slot("a"));
  lanes.claimed(lanes.rooms(), [], false);
  expect(lanes.hasQueue("a")).toBe(false);
  lanes.claimed(lanes.rooms(), [], true);
  expect(lanes.hasQueue("a")).toBe(true);
});

test("arrivals wait for lanes that get on, never for one that hangs", async () => {
  let nowMs = 1_000;
  const lanes = lanesOf(64, () => nowMs);
  lanes.learn("a", GOOD);
  lanes.queued("a");
  let isFree = false;
  const waiting = lanes.untilFree(60_000).then(() => {
    isFree = true;
  });
  await Promise.resolve();
  expect(isFree).toBe(false);
  nowMs += 100;
  lanes.take(slot("b"));
  lanes.giveBack(slot("b"));
  await waiting;
  await lanes.untilFree(60_000);
});
