import { describe, expect, test } from "vitest";
import { type Play, play, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

const BY_USER = { attemptId: null };

function ready(): Play {
  const stage = play({ endpoints: [] });
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  return stage;
}

describe("CIP results that name nothing we know", () => {
  test("B2 a result that names only the user means its only open attempt", () => {
    const stage = ready();
    stage.submitCip();
    stage.cipResult({}, BY_USER);
    expect(stage.user().state).toBe("cip_verified");
  });

  test("B2 without an attempt it is held, and applies in the decision that makes one", () => {
    const stage = ready();
    const { events, answer } = stage.cipResult({ outcome: "verified" }, BY_USER);
    expect([events, answer]).toEqual([[], { kind: "done" }]);
    expect(stage.record().heldResults).toMatchObject([
      { heldAt: "2026-03-01T12:00:00.002Z", held: { kind: "cip_result", attemptId: null } },
    ]);
    expect(typesOf(stage.submitCip())).toEqual([
      "link.in_progress",
      "user.state_changed",
      "user.cip_pending",
      "user.state_changed",
      "user.cip_verified",
    ]);
    expect(stage.record().heldResults).toEqual([]);
  });

  test("B2 a user nobody has heard of yet is no reason to lose its result", () => {
    const stage = play({ endpoints: [] });
    stage.cipResult({}, BY_USER);
    expect(stage.record()).toMatchObject({ user: null, heldResults: [{ heldAt: "2026-03-01T12:00:00.000Z" }] });
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    expect(stage.user().state).toBe("cip_verified");
  });

  test("B2 a result for an attempt that is not this one stays held", () => {
    const stage = ready();
    stage.cipResult({}, { attemptId: "cip_acme_unknown" });
    stage.submitCip();
    expect(stage.user().state).toBe("cip_pending");
    expect(stage.record().heldResults).toHaveLength(1);
  });

  test("B2 B4 two that were held apply in the order in which they came: the second contradicts and is held for review", () => {
    const stage = ready();
    stage.cipResult({ outcome: "failed" }, BY_USER);
    stage.cipResult({ outcome: "verified" }, BY_USER);
    stage.submitCip();
    expect(stage.user()).toMatchObject({ state: "cip_failed", cip: { isHeldForReview: true } });
    expect(stage.attempt().results.map(({ effect }) => effect)).toEqual(["applied", "held_for_review"]);
    expect(stage.record().heldResults).toEqual([]);
  });

  test("B2 B4 of two with revisions the higher one counts", () => {
    const stage = ready();
    stage.cipResult({ outcome: "verified", revision: 2 }, BY_USER);
    stage.cipResult({ outcome: "failed", revision: 1 }, BY_USER);
    stage.submitCip();
    expect(stage.user().state).toBe("cip_verified");
  });

  test("B3 the same message twice is held once", () => {
    const stage = ready();
    stage.cipResult({ providerEventId: "report_1" }, BY_USER);
    const before = stage.record();
    stage.cipResult({ providerEventId: "report_1" }, BY_USER);
    expect(stage.record()).toBe(before);
  });

  test("B2 after its time it is parked with the reason, once", () => {
    const stage = ready();
    stage.cipResult({}, { attemptId: "cip_acme_unknown" });
    const [held] = stage.record().heldResults;
    const { effects, events } = stage.park(held?.heldResultId ?? "");
    expect(effects).toEqual([
      { kind: "park_held_result", held, reason: "the CIP attempt that this result names stayed unknown" },
    ]);
    expect(events).toEqual([]);
    expect(stage.record().heldResults).toEqual([]);
    expect(stage.park(held?.heldResultId ?? "").effects).toEqual([]);
  });
});

describe("operation updates that name nothing we know", () => {
  test("J4 B2 are held once and parked after their time", () => {
    const stage = ready();
    stage.updateOperation({ operationId: "op_acme_unknown", providerEventId: "report_1" });
    stage.updateOperation({ operationId: "op_acme_unknown", providerEventId: "report_1" });
    expect(stage.record().heldResults).toHaveLength(1);
    const [held] = stage.record().heldResults;
    expect(stage.park(held?.heldResultId ?? "").effects).toEqual([
      { kind: "park_held_result", held, reason: "the operation that this update names stayed unknown" },
    ]);
  });

  test("J4 B2 one whose operation exists by now applies instead of being parked", () => {
    const stage = ready();
    stage.submitCip();
    stage.cipResult();
    stage.updateOperation({ operationId: "op_acme_000000000014" });
    const [held] = stage.record().heldResults;
    stage.confirm();
    expect(stage.operation().operationId).toBe("op_acme_000000000014");
    expect(typesOf(stage.park(held?.heldResultId ?? ""))).toEqual(["operation.completed", "link.completed"]);
  });
});
