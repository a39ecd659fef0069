import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_RETRY_DELAYS_MS } from "../../../domain/webhook/retry-schedule.ts";
import { HOUR_MS, SECOND_MS, type SimulatedReceiver, simulateLanes } from "./simulated-lanes.ts";

const WEEK_MS = 7 * 24 * HOUR_MS;
const every = (stepMs: number, untilMs: number, fromMs = 0) =>
  Array.from({ length: Math.floor((untilMs - fromMs) / stepMs) }, (_, index) => fromMs + index * stepMs);
const receiver = (lane: string, given: Partial<SimulatedReceiver>): SimulatedReceiver => ({
  lane,
  isAway: () => false,
  rateLimit: null,
  arrivals: [],
  ...given,
});
/** The same numbers for the same seed. */
const seeded = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const outages = fc.array(
  fc.record({ fromMs: fc.nat(3 * WEEK_MS), lengthMs: fc.integer({ min: 10 * SECOND_MS, max: 30 * HOUR_MS }) }),
  { maxLength: 6 },
);

test("bar 14 over three weeks of outages nothing is lost, no attempt is spent while parked, and the schedule does not drift", () => {
  fc.assert(
    fc.property(outages, fc.nat(1_000_000), (away, seed) => {
      const isAway = (atMs: number) => away.some(({ fromMs, lengthMs }) => atMs >= fromMs && atMs < fromMs + lengthMs);
      const flaky = receiver("flaky", { isAway, arrivals: every(20 * 60 * SECOND_MS, 3 * WEEK_MS) });
      const well = receiver("well", { arrivals: every(HOUR_MS, 3 * WEEK_MS) });
      const { deliveries, requests } = simulateLanes([flaky, well], { slots: 16, random: seeded(seed) });
      expect(deliveries).toHaveLength(flaky.arrivals.length + well.arrivals.length);
      expect(deliveries.filter(({ status }) => status === "waiting")).toEqual([]);
      expect(deliveries.filter(({ status, attempts }) => status === "failed" && attempts.length !== 5)).toEqual([]);
      expect(requests.filter(({ state, isProbe }) => state === "open" && !isProbe)).toEqual([]);
      for (const { attempts } of deliveries) {
        const gaps = attempts.slice(1).map(({ atMs }, index) => atMs - attempts[index]!.endMs);
        expect(gaps.every((gap, index) => gap >= DEFAULT_RETRY_DELAYS_MS[index]!)).toBe(true);
      }
      const late = deliveries.filter(
        ({ lane, attempts, arrivedAtMs }) => lane === "well" && attempts[0]!.atMs > arrivedAtMs,
      );
      expect(late).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test("bar 14 without an outage in between, a retry comes when the schedule says, at most a tenth later", () => {
  const isAway = (atMs: number) => atMs < 1_000;
  const one = receiver("blip", { isAway, arrivals: [0] });
  const { deliveries } = simulateLanes([one], { slots: 16, random: () => 0.999 });
  const [first, second] = deliveries[0]!.attempts;
  expect(second!.atMs - first!.endMs).toBeLessThanOrEqual(DEFAULT_RETRY_DELAYS_MS[0]! * 1.1);
});

test("bar 1 receivers that hang for ever, with more than all slots could hold, delay nobody: no lane starves", () => {
  const hanging = Array.from({ length: 12 }, (_, index) =>
    receiver(`hung${index}`, { isAway: () => true, arrivals: every(5 * SECOND_MS, 2 * HOUR_MS, index * 100) }),
  );
  const well = ["a", "b", "c"].map((lane) => receiver(lane, { arrivals: every(SECOND_MS, 2 * HOUR_MS) }));
  const { deliveries, requests } = simulateLanes([...hanging, ...well], { slots: 128, random: seeded(1) });
  const waits = deliveries
    .filter(({ lane }) => lane.length === 1)
    .map(({ attempts, arrivedAtMs }) => attempts[0]!.atMs - arrivedAtMs);
  expect(Math.max(...waits)).toBeLessThanOrEqual(SECOND_MS);
  const probes = requests.filter(({ lane, atMs }) => lane === "hung0" && atMs > HOUR_MS && atMs < 2 * HOUR_MS);
  expect(probes.length).toBeLessThanOrEqual(120);
});

describe("bar 11 an outage of an hour", () => {
  const AWAY_FROM_MS = 60 * SECOND_MS;
  const BACK_AT_MS = AWAY_FROM_MS + HOUR_MS;
  const limited = receiver("limited", {
    isAway: (atMs) => atMs >= AWAY_FROM_MS && atMs < BACK_AT_MS,
    rateLimit: 5,
    arrivals: every(SECOND_MS, 2 * HOUR_MS),
  });
  const { deliveries, requests } = simulateLanes([limited], { slots: 64, random: seeded(7) });

  test("costs a handful of attempts and then a probe every ten seconds", () => {
    const during = requests.filter(({ atMs }) => atMs >= AWAY_FROM_MS && atMs < BACK_AT_MS);
    expect(during.length).toBeLessThanOrEqual(8 + 4 + 360);
    const spent = deliveries.flatMap(({ attempts }) => attempts).filter(({ atMs }) => limited.isAway(atMs));
    expect(spent.length).toBeLessThanOrEqual(16);
  });

  test("ends with everything delivered, never faster than the receiver's own limit", () => {
    expect(deliveries.filter(({ status }) => status !== "delivered")).toEqual([]);
    const after = requests.filter(({ atMs }) => atMs >= BACK_AT_MS).map(({ atMs }) => atMs);
    for (const [index, atMs] of after.entries()) {
      const sixth = after[index + 5];
      if (sixth !== undefined) expect(sixth - atMs).toBeGreaterThanOrEqual(SECOND_MS - 1);
    }
  });

  test("is over for new events within minutes: they do not wait for all that was missed", () => {
    const live = deliveries.filter(({ arrivedAtMs }) => arrivedAtMs > BACK_AT_MS + 120 * SECOND_MS);
    const waits = live.map(({ attempts, arrivedAtMs }) => attempts[0]!.atMs - arrivedAtMs);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60 * SECOND_MS);
  });
});
