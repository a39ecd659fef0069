import { describe, expect, test } from "vitest";
import { eventsOfUser } from "./event-samples.ts";
import {
  AUDIENCE,
  active,
  arrivalsOf,
  batchOf,
  ENDPOINT,
  inserted,
  message,
  NO_LANES,
  NO_SECRETS,
  stagePlan,
} from "./plan-stage.ts";

describe("P3 the fast path", () => {
  const batch = (count: number) => {
    const { stateChanged } = eventsOfUser("ref-1");
    return batchOf(Array.from({ length: count }, (_, index) => message(BigInt(index), stateChanged())));
  };

  test("what has a slot is claimed when it is inserted, and handed over with what its attempt needs", async () => {
    const { plan, accepted, lanes, queuedCalls } = await stagePlan({ slots: 64 });
    await plan.onBatch(batch(3), active);
    expect(accepted).toHaveLength(3);
    expect(accepted[0]).toMatchObject({ fence: 1, number: 1, slotClass: "first", isTakenOver: false, ...NO_SECRETS });
    expect(lanes.inUse().first).toBe(3);
    expect(queuedCalls()).toBe(0);
  });

  test("what has none waits in its place, and later events of its lane stand behind it", async () => {
    const { plan, kept, accepted, lanes, queuedCalls } = await stagePlan({ slots: 64 });
    await plan.onBatch(batch(10), active);
    expect(accepted).toHaveLength(8);
    expect(queuedCalls()).toBe(1);
    for (const delivery of accepted) lanes.giveBack(delivery);
    await plan.onBatch(batchOf([message(10n, eventsOfUser("ref-1").stateChanged())]), active);
    expect(accepted).toHaveLength(8);
    expect(kept).toHaveLength(2);
  });

  test("slots of what was not inserted after all are given back", async () => {
    const again = arrivalsOf(async (arrival, { deliveriesOf }) => {
      for (const event of arrival.events) deliveriesOf(event, AUDIENCE, NO_LANES);
      return { kind: "kept", inserted: [], wishes: new Map(), nextOffset: arrival.nextOffset };
    });
    const { plan, lanes } = await stagePlan({ slots: 64, arrivals: again });
    await plan.onBatch(batch(3), active);
    const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const failing = arrivalsOf(async (arrival, { deliveriesOf }) => {
      for (const event of arrival.events) deliveriesOf(event, AUDIENCE, NO_LANES);
      throw away;
    });
    const other = await stagePlan({ slots: 64, arrivals: failing });
    await expect(other.plan.onBatch(batch(3), active)).rejects.toBe(away);
    expect([lanes.inUse().first, other.lanes.inUse().first]).toEqual([0, 0]);
  });

  test("of an endpoint with strict order nothing is taken along: it waits for its user's turn", async () => {
    const strict = arrivalsOf(async (arrival, plan) => {
      const audience = { endpoints: [{ ...ENDPOINT, isStrict: true }], callbackUrl: null };
      const deliveries = arrival.events.flatMap((event) => plan.deliveriesOf(event, audience, NO_LANES));
      return { kind: "kept", inserted: inserted(deliveries), wishes: new Map(), nextOffset: arrival.nextOffset };
    });
    const { plan, accepted, queuedCalls } = await stagePlan({ slots: 64, arrivals: strict });
    await plan.onBatch(batch(2), active);
    expect([accepted.length, queuedCalls()]).toEqual([0, 1]);
  });
});
