import { describe, expect, test } from "vitest";
import { type Play, play, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

/** A link of five minutes with a transfer that was accepted. */
function committed(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT }, expiresInMinutes: 5 });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  stage.confirm();
  return stage;
}

describe("expiry", () => {
  test("G7 timers only say that it is time; the writer judges: early nothing, in time once, late nothing", () => {
    const stage = play({ endpoints: [] });
    stage.create({ expiresInMinutes: 5 });
    stage.clock.set("2026-03-01T12:04:59.999Z");
    expect(stage.expire().events).toEqual([]);
    stage.clock.set("2026-03-01T12:05:00.000Z");
    expect(typesOf(stage.expire())).toEqual(["link.expired"]);
    expect(stage.link()).toMatchObject({ status: "expired", expiredAt: "2026-03-01T12:05:00.000Z" });
    expect(stage.expire().events).toEqual([]);
    expect(stage.expire("link_acme_unknown").events).toEqual([]);
  });

  test("S9 a link's end leaves the user's state alone", () => {
    const stage = committed();
    stage.updateOperation({ status: "failed" });
    stage.clock.advanceMinutes(5);
    expect(typesOf(stage.expire())).toEqual(["link.expired"]);
    expect(stage.user().state).toBe("cip_verified");
  });

  test("P8 what expired never lives again, whichever way the clock moves", () => {
    const stage = play();
    stage.create({ expiresInMinutes: 5 });
    stage.clock.advanceMinutes(5);
    stage.expire();
    stage.clock.advanceMinutes(-5);
    expect(() => stage.open()).toThrow("LINK_EXPIRED");
    expect(() => stage.revoke()).toThrow("LINK_NOT_REVOCABLE");
    expect(stage.create().answer).toMatchObject({ kind: "link_created" });
  });

  test("C8 a committed link does not expire; it completes when the outcome arrives, however late", () => {
    const stage = committed();
    stage.clock.advanceMinutes(100_000);
    expect(stage.expire().events).toEqual([]);
    expect(typesOf(stage.updateOperation())).toEqual(["operation.completed", "link.completed"]);
  });

  test.each(["failed", "cancelled"] as const)("C9 a transfer that %s before the link's time sets it free", (status) => {
    const stage = committed();
    expect(typesOf(stage.updateOperation({ status }))).toEqual([`operation.${status}`]);
    expect(stage.link()).toMatchObject({ status: "in_progress", committedOperationId: null });
    stage.clock.advanceMinutes(5);
    expect(typesOf(stage.expire())).toEqual(["link.expired"]);
  });

  test.each(["failed", "cancelled"] as const)(
    "C9 a transfer that %s after the link's time ends it at once",
    (status) => {
      const stage = committed();
      stage.clock.advanceMinutes(30);
      expect(typesOf(stage.updateOperation({ status }))).toEqual([`operation.${status}`, "link.expired"]);
      expect(stage.link()).toMatchObject({ status: "expired", expiredAt: "2026-03-01T12:05:00.000Z" });
      expect(stage.create().answer).toMatchObject({ kind: "link_created" });
    },
  );

  test("C8 a CIP submission does not hold the link open, but its result always reaches the user", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA, expiresInMinutes: 5 });
    stage.open();
    stage.submitCip();
    stage.clock.advanceMinutes(5);
    expect(typesOf(stage.expire())).toEqual(["link.expired"]);
    stage.cipResult();
    expect(stage.user().state).toBe("cip_verified");
  });
});
