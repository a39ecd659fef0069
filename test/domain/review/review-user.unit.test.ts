import { describe, expect, test } from "vitest";
import type { PartnerSettings } from "../../../domain/partner.ts";
import { reviewReasons } from "../../../domain/review/reasons.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

function submitted(settings: Partial<PartnerSettings> = {}): Play {
  const stage = play({ settings });
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT }, expiresInMinutes: 10_080 });
  stage.open();
  stage.submitCip();
  return stage;
}

function failed(settings: Partial<PartnerSettings> = {}): Play {
  const stage = submitted(settings);
  stage.cipResult({ outcome: "failed", reasons: [{ code: "document_unreadable", retryable: true }] });
  return stage;
}

const reasons = (stage: Play) => reviewReasons(stage.user(), stage.record());

describe("the review of a user", () => {
  test("B14 approve: verified by a person, with the check's evidence", () => {
    const stage = failed({ maxCipAttempts: 1 });
    expect(reasons(stage)).toEqual(["needs_review"]);
    const { answer, events } = stage.review("approve");
    expect(typesOf({ events })).toEqual(["user.reviewed", "user.state_changed", "user.cip_verified"]);
    expect(events.at(-1)?.data).toMatchObject({ decidedBy: "operator", attemptId: stage.attempt().attemptId });
    expect(answer).toEqual({ kind: "user_reviewed", userState: "cip_verified", userVersion: stage.user().version });
    expect(reasons(stage)).toEqual([]);
    expect(stage.user().verifiedValues).toEqual(stage.attempt().evidenceValues);
    expect(stage.attempt()).toMatchObject({ status: "verified", failure: null });
    expect(stage.confirm().answer.kind).toBe("operation_created");
  });

  test("B14 the reason is mandatory, and stays in the history", () => {
    const stage = failed();
    expect(refusalOf(() => stage.review("approve", { reason: "  " }))).toMatchObject({
      code: "INVALID_REQUEST",
      facts: { details: [{ path: "reason" }] },
    });
    const [reviewed] = stage.review("approve", { reason: " called back " }).events;
    expect(reviewed).toMatchObject({ actor: { kind: "operator" }, private: { reason: "called back" } });
    expect(JSON.stringify(reviewed?.data)).not.toContain("called back");
  });

  test("B14 approve is refused while evidence and winners differ materially, unless each path is named", () => {
    const stage = failed();
    stage.update({ dob: "1990-05-16", idNumber: "XEXX010101", name: { firstName: "JUAN" } });
    const refused = refusalOf(() => stage.review("approve", { acceptDifferences: ["dob"] }));
    expect(refused.code).toBe("INVALID_REQUEST");
    expect(refused.facts.details?.map(({ path, code }) => [path, code])).toEqual([["idNumber", "material_difference"]]);
    stage.review("approve", { acceptDifferences: ["dob", "idNumber", "idType"] });
    expect(stage.user().state).toBe("cip_verified");
    expect(stage.user().verifiedValues).toMatchObject({ dob: "1990-05-16", idNumber: "XEXX010101" });
    expect(stage.user().cip.verification).toMatchObject({ current: true, change: "cosmetic" });
  });

  test("B14 B4 reject_final: failed for good, and the partner hears of it", () => {
    const stage = failed();
    const { events } = stage.review("reject_final");
    expect(typesOf({ events })).toEqual(["user.reviewed", "user.cip_failed"]);
    expect(events.at(-1)?.data).toMatchObject({
      decidedBy: "operator",
      failure: { code: "document_unreadable", retryable: false },
    });
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_FAILED_FINAL");
    stage.cipResult({ outcome: "verified", revision: 9 });
    expect(stage.user()).toMatchObject({ state: "cip_failed", cip: { isHeldForReview: true } });
  });

  test("B14 B10 allow_retry: one more attempt, also after a final failure", () => {
    const stage = failed({ maxCipAttempts: 1 });
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_ATTEMPTS_EXHAUSTED");
    stage.review("allow_retry");
    expect(stage.user().cip).toMatchObject({ needsReview: false, extraAttempts: 1 });
    stage.submitCip();
    stage.cipResult({ outcome: "failed", isFinal: true });
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_FAILED_FINAL");
    stage.review("allow_retry");
    expect(stage.user().cip).toMatchObject({ isFinal: false, failure: { retryable: true }, extraAttempts: 2 });
    stage.submitCip();
    stage.cipResult();
    expect(stage.user()).toMatchObject({ state: "cip_verified", cip: { extraAttempts: 0 } });
  });

  test("B14 reopen: a final failure is back in the queue, and nothing begins before it is decided", () => {
    const stage = failed();
    stage.review("reject_final");
    expect(reasons(stage)).toEqual([]);
    stage.review("reopen");
    expect(reasons(stage)).toEqual(["needs_review"]);
    expect(refusalOf(() => stage.submitCip())).toMatchObject({
      code: "CIP_ATTEMPTS_EXHAUSTED",
      message: "A person has to look at this identity check first",
    });
    stage.review("approve");
    expect(stage.user().state).toBe("cip_verified");
  });

  test("B14 B5 the check of another person can be decided by a person, without waiting for the provider", () => {
    const stage = submitted();
    stage.cipResult();
    stage.update({ dob: "1980-01-01", idNumber: "XEXX010101" });
    expect(reasons(stage)).toEqual(["needs_review"]);
    const { attemptId } = stage.attempt();
    stage.review("approve");
    expect(stage.user()).toMatchObject({ state: "cip_verified", cip: { verification: { attemptId, current: true } } });
    stage.cipResult({ outcome: "failed" });
    expect(stage.user()).toMatchObject({ state: "cip_verified", cip: { isHeldForReview: true } });
    const rejected = submitted();
    rejected.cipResult();
    rejected.update({ dob: "1980-01-01", idNumber: "XEXX010101" });
    rejected.review("reject_final");
    expect(rejected.user()).toMatchObject({
      state: "cip_failed",
      cip: { isFinal: true, failure: { code: "rejected_by_operator", retryable: false } },
    });
  });

  test("B14 B4 contradicting results: the person says which one counts", () => {
    const held = () => {
      const stage = submitted();
      stage.cipResult();
      stage.cipResult({ outcome: "failed" });
      expect(reasons(stage)).toEqual(["held_for_review"]);
      return stage;
    };
    const kept = held();
    expect(typesOf(kept.review("approve"))).toEqual(["user.reviewed"]);
    expect(reasons(kept)).toEqual([]);
    const turned = held();
    turned.review("reject_final");
    expect(turned.user().state).toBe("cip_failed");
  });

  test("B14 B5 a person can settle a material change: what counts now is verified", () => {
    const stage = submitted();
    stage.cipResult();
    stage.update({ dob: "1990-05-16" });
    expect(refusalOf(() => stage.review("approve")).facts.details).toMatchObject([{ path: "dob" }]);
    stage.review("approve", { acceptDifferences: ["dob"] });
    expect(stage.user()).toMatchObject({
      state: "cip_verified",
      verifiedValues: { dob: "1990-05-16" },
      cip: { verification: { current: true, change: null } },
    });
  });

  test("B14 B9 a running check is the provider's, until it takes too long", () => {
    const stage = submitted();
    expect(refusalOf(() => stage.review("reject_final"))).toMatchObject({
      code: "INVALID_REQUEST",
      facts: { details: [{ path: "decision", code: "not_possible" }] },
    });
    stage.clock.advanceMinutes(61);
    stage.review("reject_final");
    expect(stage.user().state).toBe("cip_failed");
  });

  test("B14 what makes no sense is refused: nobody, nothing to review, a retry of what did not fail", () => {
    expect(refusalOf(() => play().review("approve")).code).toBe("RESOURCE_NOT_FOUND");
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    expect(refusalOf(() => stage.review("approve")).code).toBe("INVALID_REQUEST");
    const verified = submitted();
    verified.cipResult();
    for (const decision of ["approve", "reject_final", "allow_retry", "reopen"] as const) {
      expect(refusalOf(() => verified.review(decision)).code).toBe("INVALID_REQUEST");
    }
  });

  test("B14 J4 a transfer that contradicts itself waits for a person as well", () => {
    const stage = submitted();
    stage.cipResult();
    stage.confirm();
    stage.updateOperation();
    stage.updateOperation({ status: "failed" });
    expect(reasons(stage)).toEqual(["held_for_review"]);
  });
});
