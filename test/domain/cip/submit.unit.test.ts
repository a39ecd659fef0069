import { describe, expect, test } from "vitest";
import type { PartnerSettings } from "../../../domain/partner.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

function ready(settings: Partial<PartnerSettings> = {}): Play {
  const stage = play({ settings });
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  return stage;
}

describe("submitting to the identity check", () => {
  test("S5 B16 freezes what is there as evidence, asks the CIP system and moves the user", () => {
    const stage = ready();
    const { answer, events, effects } = stage.submitCip();
    const { attemptId } = stage.attempt();
    expect(answer).toEqual({ kind: "cip_submitted", linkId: stage.link().linkId, attemptId });
    expect(effects).toEqual([{ kind: "request_cip", attemptId }]);
    expect(typesOf({ events })).toEqual(["link.in_progress", "user.state_changed", "user.cip_pending"]);
    expect(stage.user()).toMatchObject({ state: "cip_pending", cip: { attempts: 1, currentAttemptId: attemptId } });
    expect(stage.attempt()).toMatchObject({
      number: 1,
      status: "open",
      policy: "basic@1",
      notApplicable: [],
      evidenceValues: {
        "name.firstName": "Juan",
        "name.secondName": "Carlos",
        "name.lastName": "Garcia",
        idNumber: "GALO900515",
        dob: "1990-05-15",
      },
    });
  });

  test("D7 the fingerprint tells the same evidence from other evidence, whatever was sent in which form", () => {
    const stage = ready();
    stage.submitCip();
    const first = stage.attempt().evidence.fingerprint;
    stage.cipResult({ outcome: "abandoned" });
    stage.submitCip();
    expect(stage.attempt().evidence.fingerprint).toBe(first);
    stage.cipResult({ outcome: "abandoned" });
    stage.provide({ idType: "CURP" });
    stage.submitCip();
    expect(stage.attempt().evidence.fingerprint).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
  });

  test("S4 a verified user needs no attempt", () => {
    const stage = ready();
    stage.submitCip();
    stage.cipResult();
    const before = stage.record();
    const { answer, events, effects } = stage.submitCip();
    expect(answer).toEqual({ kind: "cip_submitted", linkId: stage.link().linkId, attemptId: null });
    expect([events, effects]).toEqual([[], []]);
    expect(stage.record()).toBe(before);
  });

  test("S4 with something missing it is refused, and what is missing is told", () => {
    const stage = play();
    stage.create({ userData: { ...BASIC_DATA, dob: null } });
    stage.open();
    expect(refusalOf(() => stage.submitCip())).toEqual({
      code: "CIP_NOT_READY",
      message: "Data is missing for the identity check",
      facts: { missingFields: ["dob"] },
    });
  });

  test("B16 while an attempt runs: CIP_IN_PROGRESS, on a new link too", () => {
    const stage = ready();
    stage.submitCip();
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_IN_PROGRESS");
    stage.clock.advanceMinutes(60);
    stage.create();
    stage.open();
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_IN_PROGRESS");
  });

  test("B16 B4 after a failure that can be retried: a new attempt, and the user stays cip_failed until then", () => {
    const stage = ready();
    stage.submitCip();
    stage.cipResult({ outcome: "failed", reasons: [{ code: "document_unreadable", retryable: true }] });
    stage.provide({ dob: "1990-05-16" });
    expect(stage.user()).toMatchObject({
      state: "cip_failed",
      cip: { failure: { code: "document_unreadable", retryable: true } },
    });
    expect(typesOf(stage.submitCip())).toEqual(["user.state_changed", "user.cip_pending"]);
    expect(stage.attempt()).toMatchObject({ number: 2, status: "open" });
    expect(stage.user().cip.failure).toBeNull();
  });

  test("B16 after a final failure: CIP_FAILED_FINAL; links can be created", () => {
    const stage = ready();
    stage.submitCip();
    stage.cipResult({ outcome: "failed", isFinal: true });
    expect(stage.user().cip.failure).toEqual({ code: "unspecified", retryable: false });
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_FAILED_FINAL");
    stage.clock.advanceMinutes(60);
    stage.create();
    stage.open();
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_FAILED_FINAL");
    expect(refusalOf(() => stage.confirm()).code).toBe("NOT_VERIFIED");
  });

  test("B16 attempts that failed are counted, those that were given up are not", () => {
    const stage = ready({ maxCipAttempts: 2 });
    stage.submitCip();
    stage.cipResult({ outcome: "failed" });
    stage.submitCip();
    stage.cipResult({ outcome: "abandoned" });
    stage.submitCip();
    stage.cipResult({ outcome: "failed" });
    expect(refusalOf(() => stage.submitCip()).code).toBe("CIP_ATTEMPTS_EXHAUSTED");
    expect(stage.user().cip.attempts).toBe(3);
  });

  test("S5 a user for whom less is required by now can be submitted, by legal moves", () => {
    const stage = ready({ requiredFieldsPolicy: "full" });
    expect(stage.user().state).toBe("data_incomplete");
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "basic" } };
    const { events } = stage.submitCip();
    const moves = events.flatMap((event) => (event.type === "user.state_changed" ? [event.data.to] : []));
    expect(moves).toEqual(["data_complete", "cip_pending"]);
  });
});
