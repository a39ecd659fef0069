import { describe, expect, test } from "vitest";
import { play } from "../support/domain.ts";
import { BASIC_DATA } from "../support/domain-commands.ts";

describe("the one clock of a user", () => {
  test("G1 all that a command causes has one time, and the next command a later one, though the clock stood still", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    const times = new Map(stage.history().map(({ commandId, at }) => [commandId, at]));
    expect([...times.values()]).toEqual(["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:00.001Z"]);
    for (const { commandId, at } of stage.history()) expect(at).toBe(times.get(commandId));
  });

  test("G3 G1 a partition that moves to an earlier clock: the stored last time wins", () => {
    const stage = play();
    stage.create({ expiresInMinutes: 5 });
    stage.clock.advanceMinutes(-60);
    expect(stage.open().events[0]?.at).toBe("2026-03-01T12:00:00.001Z");
    stage.clock.set("2026-03-01T12:04:00.000Z");
    expect(stage.provide({ dob: "1990-05-15" }).events[0]?.at).toBe("2026-03-01T12:04:00.000Z");
  });

  test("G3 a time that is due stays due when the clock moves back after another event", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA, expiresInMinutes: 5 });
    stage.open();
    stage.submitCip();
    stage.clock.advanceMinutes(5);
    stage.cipResult();
    stage.clock.advanceMinutes(-5);
    expect(() => stage.confirm()).toThrow("LINK_EXPIRED");
  });

  test("G2 what a provider says of its own time orders nothing: attempt and revision do", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    stage.cipResult({ outcome: "failed", revision: 2, occurredAt: "2026-03-01T10:00:00.000Z" });
    stage.cipResult({ outcome: "verified", revision: 1, occurredAt: "2026-03-01T11:00:00.000Z" });
    expect(stage.user().state).toBe("cip_failed");
    stage.cipResult({ outcome: "verified", revision: 3, occurredAt: "2026-03-01T09:00:00.000Z" });
    expect(stage.user()).toMatchObject({ state: "cip_verified", cip: { verifiedAt: "2026-03-01T12:00:00.005Z" } });
  });
});
