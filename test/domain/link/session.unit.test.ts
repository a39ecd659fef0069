import { describe, expect, test } from "vitest";
import { sessionOf, stepsOf } from "../../../domain/link/session.ts";
import type { PartnerSettings } from "../../../domain/partner.ts";
import { type Play, play } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA, type UserDataBody } from "../../support/domain-commands.ts";

function withLink(userData: UserDataBody, settings: Partial<PartnerSettings> = {}): Play {
  const stage = play({ settings });
  stage.create({ userData, theme: "dark", language: "es" });
  return stage;
}

function facts(stage: Play) {
  const link = stage.link();
  const operation = stage.record().operations.findLast(({ linkId }) => linkId === link.linkId) ?? null;
  return { link, user: stage.user(), operation, settings: stage.partner.settings, now: stage.clock.now() };
}

const steps = (stage: Play) => stepsOf(facts(stage));

function submitted(outcome?: "verified" | "failed", isFinal = false): Play {
  const stage = withLink(BASIC_DATA);
  stage.open();
  stage.submitCip();
  if (outcome !== undefined) stage.cipResult({ outcome, isFinal });
  return stage;
}

describe("what the page shows", () => {
  test("S4 a new user sees every step, in order; what is done falls away", () => {
    const stage = withLink({});
    expect(steps(stage)).toEqual(["open", "data", "cip", "payment_method", "confirm", "done"]);
    stage.open();
    expect(steps(stage)).toEqual(["data", "cip", "payment_method", "confirm", "done"]);
    stage.provide(BASIC_DATA);
    expect(steps(stage)).toEqual(["cip", "payment_method", "confirm", "done"]);
    stage.provide({ paymentMethod: BANK_ACCOUNT });
    expect(steps(stage)).toEqual(["cip", "confirm", "done"]);
    stage.submitCip();
    stage.cipResult();
    expect(steps(stage)).toEqual(["confirm", "done"]);
    stage.confirm();
    expect(steps(stage)).toEqual(["done"]);
    stage.updateOperation();
    expect(steps(stage)).toEqual(["done"]);
  });

  test("S4 CIP done: the next link skips it entirely", () => {
    const stage = submitted("verified");
    stage.clock.advanceMinutes(61);
    stage.create({ userData: { paymentMethod: BANK_ACCOUNT } });
    expect(steps(stage)).toEqual(["open", "confirm", "done"]);
  });

  test("S4 C9 after a failed transfer it can be confirmed again", () => {
    const stage = submitted("verified");
    stage.provide({ paymentMethod: BANK_ACCOUNT });
    stage.confirm();
    stage.updateOperation({ status: "failed" });
    expect(steps(stage)).toEqual(["confirm", "done"]);
  });

  test("B16 while CIP runs the step cip shows its progress, also when data would be missing", () => {
    const stage = submitted();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
    expect(steps(stage)).toEqual(["cip", "payment_method", "confirm", "done"]);
  });

  test("B16 a failure that can be retried: step cip; a final one: no transfer is offered", () => {
    expect(steps(submitted("failed"))).toEqual(["cip", "payment_method", "confirm", "done"]);
    const final = submitted("failed", true);
    expect(steps(final)).toEqual([]);
    final.clock.advanceMinutes(61);
    final.create();
    expect(steps(final)).toEqual(["open"]);
  });

  test("B15 what the provider asks for again is shown on the open link", () => {
    const stage = submitted();
    stage.cipResult({ outcome: "needs_data", missingFields: ["dob"] });
    expect(sessionOf(facts(stage))).toMatchObject({
      missingFields: ["dob"],
      steps: ["data", "cip", "payment_method", "confirm", "done"],
    });
  });

  test("E9 C7 a link that is revoked or past its time offers nothing", () => {
    const revoked = withLink({});
    revoked.revoke();
    expect(steps(revoked)).toEqual([]);
    const late = withLink({});
    late.clock.advanceMinutes(60);
    expect(sessionOf(facts(late))).toMatchObject({ status: "expired", steps: [] });
  });

  test("C6 reading it changes nothing, and what is prefilled is masked", () => {
    const stage = withLink({ ...BASIC_DATA, name: { firstName: "Juan" }, notApplicable: ["name.secondName"] });
    const before = stage.record();
    expect(sessionOf(facts(stage))).toEqual({
      linkId: stage.link().linkId,
      status: "created",
      version: 0,
      steps: ["open", "data", "cip", "payment_method", "confirm", "done"],
      missingFields: ["name.lastName"],
      prefilled: { "name.firstName": "Juan", idNumber: "******0515", dob: "1990-**-**" },
      userState: "data_incomplete",
      language: "es",
      theme: "dark",
      expiresAt: "2026-03-01T13:00:00.000Z",
    });
    expect(stage.record()).toBe(before);
  });
});
