import { describe, expect, test } from "vitest";
import type { CipResult } from "../../../domain/cip/attempt.ts";
import { type Play, play, typesOf } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

function submitted(): Play {
  const stage = play({ endpoints: [] });
  stage.create({ userData: BASIC_DATA });
  stage.open();
  stage.submitCip();
  return stage;
}

/** The stage after these results for the newest attempt. */
function told(...results: readonly Partial<CipResult>[]): Play {
  const stage = submitted();
  for (const result of results) stage.cipResult(result);
  return stage;
}

const seen = (stage: Play) => stage.attempt().results.map(({ outcome, effect }) => [outcome, effect]);

describe("a first result", () => {
  test("S5 S16 verified: the user is verified, and the partner hears of both", () => {
    const stage = submitted();
    stage.clock.advanceMinutes(1);
    const { events } = stage.cipResult();
    const { attemptId } = stage.attempt();
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      [
        "user.state_changed",
        {
          referenceId: "user_12345",
          userId: stage.user().userId,
          from: "cip_pending",
          to: "cip_verified",
          reason: "cip_verified",
        },
      ],
      [
        "user.cip_verified",
        {
          referenceId: "user_12345",
          userId: stage.user().userId,
          attemptId,
          verifiedAt: "2026-03-01T12:01:00.000Z",
        },
      ],
    ]);
    expect(stage.user().cip).toMatchObject({ verifiedAt: "2026-03-01T12:01:00.000Z", verifiedAttemptId: attemptId });
    expect(stage.attempt()).toMatchObject({ status: "verified", closedAt: "2026-03-01T12:01:00.000Z" });
  });

  test("S5 failed: the reason and whether it can be tried again are told", () => {
    const reasons = [{ code: "name_mismatch", field: "name.firstName", retryable: true }];
    const { events } = submitted().cipResult({ outcome: "failed", reasons });
    expect(events.at(-1)).toMatchObject({
      type: "user.cip_failed",
      data: { failure: { code: "name_mismatch", retryable: true } },
    });
  });

  test("B8 abandoned is no failure: the user is data_complete and may try again", () => {
    const stage = told({ outcome: "abandoned" });
    expect(stage.user()).toMatchObject({ state: "data_complete", cip: { currentAttemptId: null, failure: null } });
    expect(stage.attempt().status).toBe("abandoned");
    expect(typesOf(stage.submitCip())).toEqual(["user.state_changed", "user.cip_pending"]);
  });

  test("B15 needs_data: the named fields are due with their reason, their values stay, nothing failed", () => {
    const stage = told({
      outcome: "needs_data",
      missingFields: ["dob", "idType"],
      reasons: [{ code: "unreadable", field: "dob", retryable: true }],
    });
    expect(stage.user()).toMatchObject({
      state: "data_incomplete",
      cip: { dueFields: { dob: "unreadable", idType: "needs_data" }, failure: null },
      values: { dob: { partner_api: "1990-05-15" } },
    });
    expect(stage.attempt().status).toBe("needs_data");
    stage.provide({ idType: "CURP" });
    expect(stage.user().cip.dueFields).toEqual({ dob: "unreadable" });
    stage.clock.advanceMinutes(60);
    stage.create({ userData: { dob: "1990-05-16" } });
    expect(stage.user()).toMatchObject({ state: "data_complete", cip: { dueFields: {} } });
  });

  test("B15 needs_data that names nothing leaves the user data_complete", () => {
    expect(told({ outcome: "needs_data", missingFields: [] }).user().state).toBe("data_complete");
  });
});

describe("the same again", () => {
  test.each<[string, Partial<CipResult>]>([
    ["the same message", { providerEventId: "report_1" }],
    ["the same message with another outcome", { providerEventId: "report_1", outcome: "failed" }],
    ["the same outcome in another message", { outcome: "verified" }],
  ])("B3 %s changes and says nothing", (_, result) => {
    const stage = told({ outcome: "verified", providerEventId: "report_1" });
    const before = stage.record();
    expect(stage.cipResult(result).events).toEqual([]);
    expect(stage.record()).toBe(before);
  });

  test("B3 B2 a repeated message that names only the user is not taken for a word about the next attempt", () => {
    const stage = submitted();
    const report = { outcome: "failed", providerEventId: "report_1" } as const;
    stage.cipResult(report, { attemptId: null });
    stage.cipResult(report, { attemptId: null });
    expect(stage.record().heldResults).toEqual([]);
    stage.submitCip();
    expect(stage.user().state).toBe("cip_pending");
  });
});

describe("failed, then success, and the other way round", () => {
  test("B4 a newer attempt passes: verified", () => {
    const stage = told({ outcome: "failed" });
    stage.submitCip();
    stage.cipResult();
    expect(stage.user().state).toBe("cip_verified");
  });

  test.each([
    ["failed", "verified", "cip_verified", "user.cip_verified"],
    ["verified", "failed", "cip_failed", "user.cip_failed"],
  ] as const)(
    "B4 %s, then %s with a higher revision of the same attempt: applied and marked as revised",
    (first, second, state, type) => {
      const stage = told({ outcome: first, revision: 1 });
      const { events } = stage.cipResult({ outcome: second, revision: 2 });
      expect(events.at(-1)).toMatchObject({ type, data: { revised: true } });
      expect(stage.user().state).toBe(state);
      expect(stage.attempt()).toMatchObject({ status: second, revision: 2 });
    },
  );

  test("B4 a lower revision comes too late: recorded", () => {
    const stage = told({ outcome: "verified", revision: 2 }, { outcome: "failed", revision: 1 });
    expect(stage.user().state).toBe("cip_verified");
    expect(seen(stage)).toEqual([
      ["verified", "applied"],
      ["failed", "recorded"],
    ]);
  });

  test.each([
    [null, null],
    [null, 1],
    [1, null],
  ])("B4 a contradiction without revisions (%s, %s) is held for review, and nothing moves", (first, second) => {
    const stage = told({ outcome: "failed", revision: first });
    const { events } = stage.cipResult({ outcome: "verified", revision: second });
    expect(events).toMatchObject([{ type: "user.cip_result_recorded", data: { effect: "held_for_review" } }]);
    expect(stage.user()).toMatchObject({ state: "cip_failed", cip: { isHeldForReview: true } });
  });

  test("B4 an older attempt passes after a newer one failed: recorded, nothing moves", () => {
    const stage = told({ outcome: "abandoned" });
    const older = stage.attempt().attemptId;
    stage.submitCip();
    stage.cipResult({ outcome: "failed" });
    const { events } = stage.cipResult({ outcome: "verified", revision: 9 }, { attemptId: older });
    expect(events).toMatchObject([{ type: "user.cip_result_recorded", data: { effect: "recorded" } }]);
    expect(stage.user()).toMatchObject({ state: "cip_failed", cip: { isHeldForReview: false } });
    expect(stage.attempt().status).toBe("failed");
  });

  test("B4 an older attempt's word while the newer one runs is recorded", () => {
    const stage = told({ outcome: "failed", revision: 1 });
    const older = stage.attempt().attemptId;
    stage.submitCip();
    stage.cipResult({ outcome: "verified", revision: 2 }, { attemptId: older });
    expect(stage.user().state).toBe("cip_pending");
  });

  test("B4 a final failure is sticky, also against a higher revision", () => {
    const stage = told({ outcome: "failed", revision: 1, isFinal: true }, { outcome: "verified", revision: 2 });
    expect(stage.user()).toMatchObject({ state: "cip_failed", cip: { isFinal: true, isHeldForReview: true } });
  });

  test("B4 a failure that turns out to be final with a higher revision is final: no further attempt", () => {
    const stage = told({ outcome: "failed", revision: 1 });
    const fraud = {
      outcome: "failed",
      revision: 2,
      isFinal: true,
      reasons: [{ code: "fraud", retryable: false }],
    } as const;
    const { events } = stage.cipResult(fraud);
    expect(events).toMatchObject([
      { type: "user.cip_failed", data: { failure: { code: "fraud", retryable: false }, revised: true } },
    ]);
    expect(stage.user()).toMatchObject({ state: "cip_failed", cip: { isFinal: true } });
    expect(stage.attempt()).toMatchObject({ status: "failed", isFinal: true, revision: 2 });
    expect(() => stage.submitCip()).toThrow("CIP_FAILED_FINAL");
  });

  test("B4 a final failure stays final when a higher revision calls it less", () => {
    const stage = told({ outcome: "failed", revision: 1, isFinal: true }, { outcome: "failed", revision: 2 });
    expect(stage.user().cip).toMatchObject({ isFinal: true, failure: { retryable: false } });
  });

  test("B4 the same failure with a higher revision is only recorded, and moves the revision", () => {
    const stage = told({ outcome: "failed", revision: 1 }, { outcome: "failed", revision: 3 });
    stage.cipResult({ outcome: "verified", revision: 2 });
    expect(stage.user().state).toBe("cip_failed");
    expect(seen(stage)).toEqual([
      ["failed", "applied"],
      ["failed", "recorded"],
      ["verified", "recorded"],
    ]);
  });

  test.each(["needs_data", "abandoned"] as const)(
    "B4 a verdict cannot be taken back to %s: no state is left to go to, a person has to look",
    (outcome) => {
      const stage = told({ outcome: "verified", revision: 1 }, { outcome, revision: 2, missingFields: ["dob"] });
      expect(stage.user()).toMatchObject({ state: "cip_verified", cip: { isHeldForReview: true, dueFields: {} } });
    },
  );
});

describe("a result without cip_pending", () => {
  test("B2 a verdict after abandonment applies; the missing cip_pending is written and marked as synthesized", () => {
    const stage = told({ outcome: "abandoned" });
    const { events } = stage.cipResult({ outcome: "verified" });
    expect(typesOf({ events })).toEqual([
      "user.state_changed",
      "user.cip_pending",
      "user.state_changed",
      "user.cip_verified",
    ]);
    expect(events[1]).toMatchObject({ data: { synthesized: true } });
    expect(events[3]?.data).not.toHaveProperty("revised");
    expect(stage.attempt().status).toBe("verified");
  });

  test("B2 B4 the same with a higher revision is marked as revised", () => {
    const stage = told({ outcome: "abandoned", revision: 1 });
    const { events } = stage.cipResult({ outcome: "failed", revision: 2 });
    expect(events.at(-1)).toMatchObject({ type: "user.cip_failed", data: { revised: true } });
  });

  test("B2 while data is missing no check can start: a person has to look", () => {
    const stage = told({ outcome: "needs_data", missingFields: ["dob"] }, { outcome: "verified" });
    expect(stage.user()).toMatchObject({ state: "data_incomplete", cip: { isHeldForReview: true } });
  });
});
