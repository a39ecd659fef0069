import { describe, expect, test } from "vitest";
import { stepsOf } from "../../../domain/link/session.ts";
import type { PartnerSettings } from "../../../domain/partner.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

const DAY_MINUTES = 24 * 60;
const OTHER_PERSON = { idNumber: "XEXX010101", dob: "1980-01-01" };

/** A user whom the first attempt verified, and who has an opened link. */
function verified(settings: Partial<PartnerSettings> = {}): Play {
  const stage = play({ settings });
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT }, expiresInMinutes: 10_080 });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  return stage;
}

const verification = (stage: Play) => stage.user().cip.verification;

function steps(stage: Play) {
  const facts = { user: stage.user(), operation: null, settings: stage.partner.settings, now: stage.clock.now() };
  return stepsOf({ ...facts, link: stage.link() });
}

describe("a verified user whose data changes", () => {
  test("B5 the evidence of the attempt that verified is kept, with its policy", () => {
    const stage = verified();
    expect(verification(stage)).toEqual({
      attemptId: stage.attempt().attemptId,
      verifiedAt: stage.user().cip.verifiedAt,
      policy: "basic@1",
      current: true,
      reverifyBy: null,
      change: null,
      changedPaths: [],
    });
    expect(stage.user().verifiedValues).toEqual(stage.attempt().evidenceValues);
    expect(stage.user().verifiedValues).not.toHaveProperty("paymentMethod");
  });

  test("B5 a payment method, a losing word and the same word again change nothing about it", () => {
    const stage = verified();
    const before = verification(stage);
    expect(typesOf(stage.update({ paymentMethod: { type: "cash", cash: { provider: "oxxo" } } }))).toEqual([
      "user.data_updated",
    ]);
    expect(typesOf(stage.provide({ dob: "1980-01-01" }))).toEqual(["user.data_updated"]);
    expect(stage.update({ dob: "1990-05-15" }).events).toEqual([]);
    expect(verification(stage)).toBe(before);
  });

  test("B5 cosmetic: stays verified, and it is noted", () => {
    const stage = verified();
    expect(typesOf(stage.update({ name: { lastName: "GARCÍA" } }))).toEqual([
      "user.data_updated",
      "user.verification_changed",
    ]);
    expect(verification(stage)).toMatchObject({ current: true, change: "cosmetic", changedPaths: ["name.lastName"] });
    expect(stage.submitCip().events).toEqual([]);
  });

  test("B5 additive: stays verified and is flagged as such", () => {
    const stage = verified();
    stage.update({ name: { secondLastName: "Lopez" } });
    expect(stage.user().state).toBe("cip_verified");
    expect(verification(stage)).toMatchObject({ current: true, change: "additive", reverifyBy: null });
  });

  test("B5 material: stays verified, to be checked again in 14 days; transfers go on, the link shows the re-check", () => {
    const stage = verified();
    const { events } = stage.update({ dob: "1990-05-16" });
    expect(events.at(-1)).toMatchObject({
      type: "user.verification_changed",
      data: { current: false, change: "material", paths: ["dob"] },
    });
    expect(stage.user().state).toBe("cip_verified");
    const days = (Date.parse(verification(stage)?.reverifyBy ?? "") - Date.parse(stage.user().lastAt)) / 86_400_000;
    expect(days).toBe(14);
    expect(steps(stage)).toEqual(["cip", "confirm", "done"]);
    expect(stage.confirm().answer.kind).toBe("operation_created");
  });

  test("B5 later edits do not extend the grace; what is put right ends it", () => {
    const stage = verified();
    stage.update({ dob: "1990-05-16" });
    const reverifyBy = verification(stage)?.reverifyBy;
    stage.clock.advanceMinutes(DAY_MINUTES);
    stage.update({ idNumber: "XEXX010101" });
    expect(verification(stage)).toMatchObject({ current: false, change: "material", reverifyBy });
    expect(verification(stage)?.changedPaths).toEqual(["idNumber", "dob"]);
    stage.update({ idNumber: BASIC_DATA.idNumber, dob: BASIC_DATA.dob });
    expect(verification(stage)).toMatchObject({ current: true, reverifyBy: null, change: null, changedPaths: [] });
  });

  test("B5 G7 past the date the user goes back to data_complete; before it the timers' word means nothing", () => {
    const stage = verified();
    stage.update({ dob: "1990-05-16" });
    stage.clock.advanceMinutes(14 * DAY_MINUTES - 1);
    expect(stage.reverificationDue().events).toEqual([]);
    stage.clock.advanceMinutes(2);
    const { events } = stage.reverificationDue();
    expect(events).toMatchObject([
      { type: "user.state_changed", data: { to: "data_complete", reason: "reverification_overdue" } },
    ]);
    expect(stage.user().verifiedValues["dob"]).toBe("1990-05-15");
    stage.create();
    stage.open();
    expect(refusalOf(() => stage.confirm()).code).toBe("NOT_VERIFIED");
    expect(stage.reverificationDue().events).toEqual([]);
  });

  test("J1 B5 past the date no transfer begins, also while the timers have not said so", () => {
    const stage = verified();
    stage.update({ dob: "1990-05-16" });
    stage.clock.advanceMinutes(14 * DAY_MINUTES - 30);
    stage.create();
    stage.open();
    stage.clock.advanceMinutes(31);
    expect(stage.user().state).toBe("cip_verified");
    expect(refusalOf(() => stage.confirm()).code).toBe("NOT_VERIFIED");
  });

  test("B5 without days of grace it is over at once", () => {
    const stage = verified({ reverifyGraceDays: 0 });
    stage.update({ dob: "1990-05-16" });
    expect(stage.user().state).toBe("data_complete");
  });

  test("B5 the verified idNumber deleted: material, and what the check then misses is asked for", () => {
    const stage = verified();
    stage.remove("idNumber");
    expect(verification(stage)).toMatchObject({ current: false, change: "material", changedPaths: ["idNumber"] });
    expect(steps(stage)).toEqual(["data", "cip", "confirm", "done"]);
    expect(refusalOf(() => stage.submitCip())).toMatchObject({ code: "CIP_NOT_READY" });
    stage.clock.advanceMinutes(14 * DAY_MINUTES + 1);
    stage.reverificationDue();
    expect(stage.user().state).toBe("data_incomplete");
  });

  test("B5 the re-check: from cip_verified to cip_pending, and verified anew with what counts now", () => {
    const stage = verified();
    stage.update({ dob: "1990-05-16" });
    expect(typesOf(stage.submitCip())).toEqual(["user.state_changed", "user.cip_pending"]);
    expect(stage.attempt()).toMatchObject({ number: 2, kind: "automatic" });
    stage.cipResult();
    expect(verification(stage)).toMatchObject({ current: true, change: null, attemptId: stage.attempt().attemptId });
    expect(stage.user().verifiedValues["dob"]).toBe("1990-05-16");
  });

  test("B5 a failed re-check leaves no verification to go by; B8 one that is given up goes back to data_complete", () => {
    const failed = verified();
    failed.update({ dob: "1990-05-16" });
    failed.submitCip();
    failed.cipResult({ outcome: "failed" });
    expect(failed.user()).toMatchObject({ state: "cip_failed", verifiedValues: {}, cip: { verification: null } });
    const abandoned = verified();
    abandoned.update({ dob: "1990-05-16" });
    abandoned.submitCip();
    abandoned.cipResult({ outcome: "abandoned" });
    expect(abandoned.user()).toMatchObject({ state: "data_complete", cip: { verification: { current: false } } });
  });

  test("B5 B14 another person: checked at once, by the provider and for an operator, without grace", () => {
    const stage = verified();
    const { events, effects } = stage.update(OTHER_PERSON);
    expect(typesOf({ events })).toEqual([
      "user.data_updated",
      "user.verification_changed",
      "user.state_changed",
      "user.cip_pending",
    ]);
    expect(effects).toEqual([{ kind: "request_cip", attemptId: stage.attempt().attemptId }]);
    expect(stage.attempt()).toMatchObject({ kind: "review", linkId: null, number: 2, status: "open" });
    expect(stage.user()).toMatchObject({ state: "cip_pending", cip: { needsReview: true } });
    expect(stage.user().verifiedValues["dob"]).toBe("1990-05-15");
    expect(refusalOf(() => stage.confirm()).code).toBe("NOT_VERIFIED");
    stage.cipResult();
    expect(stage.user()).toMatchObject({ state: "cip_verified", cip: { needsReview: false } });
  });

  test("B5 another person on a new link: the check begins before the link, which asks for nothing", () => {
    const stage = verified();
    stage.revoke({ force: true });
    const { answer } = stage.create({ userData: OTHER_PERSON });
    expect(answer).toMatchObject({ userState: "cip_pending", dataRequestId: null });
  });

  test("B2 B5 what waited for an attempt is not applied to the check of another person", () => {
    const stage = verified();
    stage.cipResult({}, { attemptId: null });
    stage.update(OTHER_PERSON);
    expect(stage.attempt().status).toBe("open");
    expect(stage.record().heldResults).toHaveLength(1);
  });

  test("D7 what comes while a check runs is not in its evidence, and is compared when the result comes", () => {
    const stage = play();
    stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
    stage.open();
    stage.submitCip();
    const [updated] = stage.update({
      dob: "1990-05-16",
      paymentMethod: { type: "cash", cash: { provider: "oxxo" } },
    }).events;
    expect(updated?.data).toMatchObject({ notInEvidence: ["dob"] });
    expect(typesOf(stage.cipResult())).toEqual([
      "user.state_changed",
      "user.cip_verified",
      "user.verification_changed",
    ]);
    expect(verification(stage)).toMatchObject({ current: false, change: "material", changedPaths: ["dob"] });
    const before = play();
    before.create({ userData: BASIC_DATA });
    expect(before.update({ dob: "1990-05-16" }).events[0]?.data).not.toHaveProperty("notInEvidence");
  });

  test("D7 B5 another person while a check runs: verified, and checked again in the same moment", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    stage.update({ dob: "1980-01-01" });
    stage.update({ idNumber: "XEXX010101" });
    const { effects } = stage.cipResult();
    expect(stage.user().state).toBe("cip_pending");
    expect(stage.attempt()).toMatchObject({ kind: "review", number: 2 });
    expect(effects).toEqual([{ kind: "request_cip", attemptId: stage.attempt().attemptId }]);
  });

  test("B4 a higher revision that verifies older evidence is compared too", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    stage.cipResult({ outcome: "failed", revision: 1 });
    stage.update({ dob: "1990-05-16" });
    stage.cipResult({ outcome: "verified", revision: 2 });
    expect(stage.user().state).toBe("cip_verified");
    expect(verification(stage)).toMatchObject({ current: false, change: "material" });
  });
});

describe("the age of a verification", () => {
  test("B6 by default it does not matter", () => {
    const stage = verified();
    stage.clock.advanceMinutes(10_000 * DAY_MINUTES);
    expect(stage.reverificationDue().events).toEqual([]);
  });

  test("B6 when due, as material: the days of grace, then data_complete", () => {
    const stage = verified({ cipValidForDays: 365 });
    stage.clock.advanceMinutes(365 * DAY_MINUTES + 1);
    expect(stage.reverificationDue().events).toMatchObject([
      { type: "user.verification_changed", data: { current: false, change: "material", paths: [] } },
    ]);
    expect(stage.user().state).toBe("cip_verified");
    expect(stage.reverificationDue().events).toEqual([]);
    stage.clock.advanceMinutes(14 * DAY_MINUTES + 1);
    stage.reverificationDue();
    expect(stage.user().state).toBe("data_complete");
  });

  test("B6 what changes and is put right again does not make it young", () => {
    const stage = verified({ cipValidForDays: 1 });
    stage.clock.advanceMinutes(DAY_MINUTES + 1);
    stage.reverificationDue();
    const reverifyBy = verification(stage)?.reverifyBy;
    stage.update({ dob: "1990-05-16" });
    stage.update({ dob: BASIC_DATA.dob });
    expect(verification(stage)).toMatchObject({ current: false, change: "material", changedPaths: [], reverifyBy });
  });

  test("B6 G7 a word for a user that nobody knows, or who is not verified, changes nothing", () => {
    expect(play().reverificationDue().events).toEqual([]);
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    expect(stage.reverificationDue().events).toEqual([]);
  });
});
