import { describe, expect, test } from "vitest";
import { stepsOf } from "../../../domain/link/session.ts";
import { policyEffect } from "../../../domain/user/apply-policy.ts";
import { type Play, play, typesOf } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

const GROWN = ["name.secondLastName", "idType"];

function grow(stage: Play): void {
  stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
}

function verified(): Play {
  const stage = play();
  stage.create({ userData: BASIC_DATA });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  return stage;
}

const preview = (stage: Play) => policyEffect(stage.user(), stage.partner.settings);

describe("required fields that change", () => {
  test("A12 nothing happens until it is applied; the preview says what would", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    expect(preview(stage)).toBeNull();
    grow(stage);
    expect(stage.user().state).toBe("data_complete");
    expect(preview(stage)).toEqual({ kind: "state", to: "data_incomplete", missingFields: GROWN });
    expect(typesOf(stage.applyPolicy())).toEqual(["user.policy_applied", "user.state_changed"]);
    expect(stage.user().state).toBe("data_incomplete");
  });

  test("A12 events only for users that change: again, for another policy, for nobody", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    expect(stage.applyPolicy().events).toEqual([]);
    grow(stage);
    expect(stage.applyPolicy("basic@1").events).toEqual([]);
    stage.applyPolicy();
    expect(stage.applyPolicy().events).toEqual([]);
    expect(play().applyPolicy().events).toEqual([]);
  });

  test("A12 who is being checked, or has failed, is not touched", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    grow(stage);
    expect(stage.applyPolicy().events).toEqual([]);
    stage.cipResult({ outcome: "failed" });
    expect(stage.applyPolicy().events).toEqual([]);
  });

  test("B7 nobody is un-verified: the fields become due with a date, and are asked for on the next link", () => {
    const stage = verified();
    grow(stage);
    stage.clock.advanceMinutes(61);
    expect(stage.create().answer).toMatchObject({ missingFields: [], dataRequestId: null });
    const { events } = stage.applyPolicy();
    expect(typesOf({ events })).toEqual(["user.policy_applied"]);
    expect(stage.user()).toMatchObject({
      state: "cip_verified",
      cip: { eventuallyDue: { policy: "full@1", paths: GROWN }, verification: { policy: "basic@1", current: true } },
    });
    expect(Date.parse(stage.user().cip.eventuallyDue?.by ?? "")).toBeGreaterThan(Date.parse(stage.clock.now()));
    stage.clock.advanceMinutes(61);
    const { answer } = stage.create();
    expect(answer).toMatchObject({ missingFields: GROWN, dataRequestId: stage.request().dataRequestId });
    const facts = { user: stage.user(), operation: null, settings: stage.partner.settings, now: stage.clock.now() };
    expect(stepsOf({ ...facts, link: stage.link() })).toEqual(["open", "data", "payment_method", "confirm", "done"]);
    stage.answer({ name: { secondLastName: "Lopez" }, idType: "CURP" });
    expect(stage.request().status).toBe("fulfilled");
    expect(stage.user()).toMatchObject({
      state: "cip_verified",
      cip: { eventuallyDue: null, verification: { current: true, change: "additive" } },
    });
  });

  test("B7 a policy that asks for less again takes it back", () => {
    const stage = verified();
    grow(stage);
    stage.applyPolicy();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "basic" } };
    expect(stage.applyPolicy().events).toMatchObject([{ data: { missingFields: [], eventuallyDueBy: null } }]);
    expect(stage.user().cip.eventuallyDue).toBeNull();
    expect(stage.applyPolicy().events).toEqual([]);
  });
});
