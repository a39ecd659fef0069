import { describe, expect, test } from "vitest";
import { type Play, play, refusalOf, typesOf } from "../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../support/domain-commands.ts";

function ready(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  return stage;
}

function suspend(stage: Play): void {
  stage.partner = { ...stage.partner, isSuspended: true };
}

describe("a suspended partner", () => {
  test("E10 nothing new begins and existing links accept no step", () => {
    const stage = ready();
    suspend(stage);
    const before = stage.record();
    for (const step of [
      () => stage.create({ onActive: "return" }),
      () => stage.regenerate(),
      () => stage.answer({ idType: "CURP" }),
      () => stage.update({ idType: "CURP" }),
      () => stage.remove("dob"),
      () => stage.open(),
      () => stage.provide({ idType: "CURP" }),
      () => stage.submitCip(),
      () => stage.confirm(),
    ]) {
      expect(refusalOf(step)).toEqual({
        code: "PARTNER_SUSPENDED",
        message: "Partner account is suspended or not found",
        facts: {},
      });
    }
    expect(stage.record()).toBe(before);
  });

  test("E10 what was committed finishes, and CIP that runs goes on", () => {
    const stage = ready();
    stage.submitCip();
    suspend(stage);
    stage.cipResult();
    expect(stage.user().state).toBe("cip_verified");
    stage.partner = { ...stage.partner, isSuspended: false };
    stage.confirm();
    suspend(stage);
    expect(typesOf(stage.updateOperation())).toEqual(["operation.completed", "link.completed"]);
  });

  test("E10 A11 an operator still corrects, and takes a correction back", () => {
    const stage = ready();
    suspend(stage);
    stage.correct({ dob: "1990-05-16" });
    stage.remove("dob", "operator");
    expect(stage.user().values.dob).toEqual({ partner_api: BASIC_DATA.dob });
  });

  test("E10 its links can still end: by their time, and by a revocation", () => {
    const stage = ready();
    suspend(stage);
    stage.revoke();
    expect(stage.link().status).toBe("revoked");
    const other = ready();
    suspend(other);
    other.clock.advanceMinutes(60);
    expect(typesOf(other.expire())).toEqual(["link.expired"]);
  });
});

describe("every decision", () => {
  test("P6 a refusal leaves the record the same object, the version too", () => {
    const stage = ready();
    const before = stage.record();
    for (const step of [
      () => stage.create({ userData: { dob: "1991-05-15" } }),
      () => stage.provide({ dob: "1991-05-15" }, { version: 7 }),
      () => stage.confirm(),
      () => stage.revoke({ linkId: "link_acme_unknown" }),
    ]) {
      refusalOf(step);
      expect(stage.record()).toBe(before);
    }
  });

  test("P11 the sequence of a user has no gap, and one command moves the version once", () => {
    const stage = ready();
    stage.submitCip();
    stage.cipResult();
    stage.confirm();
    expect(stage.history().map(({ sequence }) => sequence)).toEqual(stage.history().map((_, index) => index + 1));
    const versions = new Map(stage.history().map(({ commandId, userVersion }) => [commandId, userVersion]));
    expect([...versions.values()]).toEqual([1, 2, 3, 4, 5]);
  });

  test("S6 a user holds its data, the source of every field, its CIP status and its transactions", () => {
    const stage = ready();
    stage.provide({ idType: "CURP" });
    stage.submitCip();
    stage.cipResult();
    stage.confirm();
    const { assertions, values, cip } = stage.user();
    expect(Object.keys(assertions)).toEqual([...Object.keys(values)]);
    expect(assertions.idType).toEqual({ widget: { sequence: 5, at: "2026-03-01T12:00:00.002Z" } });
    expect(cip).toMatchObject({ attempts: 1, verifiedAttemptId: stage.attempt().attemptId });
    expect(stage.record().operations).toMatchObject([{ linkId: stage.link().linkId, status: "created" }]);
  });
});
