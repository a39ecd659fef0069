import { describe, expect, test } from "vitest";
import { isOverdueAttempt } from "../../../domain/cip/overdue.ts";
import type { PartnerSettings } from "../../../domain/partner.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

function ready(settings: Partial<PartnerSettings> = {}): Play {
  const stage = play({ settings });
  stage.create({ userData: BASIC_DATA, expiresInMinutes: 10_080 });
  stage.open();
  return stage;
}

function fail(stage: Play, times: number) {
  let last = stage.submitCip();
  for (let time = 1; time <= times; time += 1) {
    if (time > 1) stage.submitCip();
    last = stage.cipResult({ outcome: "failed" });
  }
  return last;
}

describe("attempts of the identity check", () => {
  test("B10 three may fail, then the user is cip_failed and a person has to look", () => {
    const stage = ready();
    fail(stage, 2);
    expect(stage.user().cip.needsReview).toBe(false);
    stage.submitCip();
    expect(typesOf(stage.cipResult({ outcome: "failed" }))).toEqual([
      "user.state_changed",
      "user.cip_failed",
      "user.flagged",
    ]);
    expect(stage.user()).toMatchObject({ state: "cip_failed", cip: { needsReview: true } });
    expect(stage.user().flags).toMatchObject([{ flag: "needs_review" }]);
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_ATTEMPTS_EXHAUSTED");
  });

  test("B10 a final failure is settled: it does not wait for a person", () => {
    const stage = ready({ maxCipAttempts: 1 });
    stage.submitCip();
    expect(typesOf(stage.cipResult({ outcome: "failed", isFinal: true }))).toEqual([
      "user.state_changed",
      "user.cip_failed",
    ]);
    expect(stage.user().cip.needsReview).toBe(false);
  });

  test("B10 after a verification the count begins again", () => {
    const stage = ready({ maxCipAttempts: 2 });
    fail(stage, 1);
    stage.submitCip();
    stage.cipResult();
    stage.update({ dob: "1990-05-16" });
    fail(stage, 1);
    expect(stage.user().cip.needsReview).toBe(false);
    expect(stage.submitCip().answer).toMatchObject({ attemptId: stage.attempt().attemptId });
  });

  test("B9 a check never fails by itself; it is overdue after the partner's time", () => {
    const stage = ready({ cipOverdueMinutes: 30 });
    stage.submitCip();
    const { settings } = stage.partner;
    const isOverdue = () => isOverdueAttempt(stage.attempt(), settings, stage.clock.now());
    stage.clock.advanceMinutes(29);
    expect(isOverdue()).toBe(false);
    stage.clock.advanceMinutes(2);
    expect(isOverdue()).toBe(true);
    expect(stage.user().state).toBe("cip_pending");
    stage.cipResult();
    expect(isOverdue()).toBe(false);
  });

  test("B8 giving up is no failure: back to data_complete, and nothing is used up", () => {
    const stage = ready({ maxCipAttempts: 1 });
    stage.submitCip();
    stage.cipResult({ outcome: "abandoned" });
    expect(stage.user()).toMatchObject({ state: "data_complete", cip: { failure: null, needsReview: false } });
    expect(stage.submitCip().answer).toMatchObject({ attemptId: stage.attempt().attemptId });
  });
});
