import { describe, expect, test } from "vitest";
import { settingsOf } from "../../../domain/partner.ts";
import { missingFields, policyLabel, policyOf } from "../../../domain/user/required-fields.ts";
import { play } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

const basic = settingsOf({});
const full = settingsOf({ requiredFieldsPolicy: "full" });

describe("what CIP needs", () => {
  test("S1 the policies: basic is the seed's journey, full is all seven, and a partner may have its own", () => {
    expect(missingFields(null, basic)).toEqual([
      "name.firstName",
      "name.secondName",
      "name.lastName",
      "idNumber",
      "dob",
    ]);
    expect(missingFields(null, full)).toEqual([
      "name.firstName",
      "name.secondName",
      "name.lastName",
      "name.secondLastName",
      "idNumber",
      "idType",
      "dob",
    ]);
    const own = settingsOf({ requiredFieldsPolicy: { name: "tiny", version: 3, fields: ["dob"] } });
    expect(missingFields(null, own)).toEqual(["dob"]);
    expect([basic, full, own].map((settings) => policyLabel(policyOf(settings)))).toEqual([
      "basic@1",
      "full@1",
      "tiny@3",
    ]);
  });

  test("S1 what has a winner is not missing, whoever said it", () => {
    const stage = play();
    stage.create({ userData: { name: { firstName: "Juan" } } });
    stage.answer({ idNumber: "GALO900515" });
    stage.open();
    stage.provide({ dob: "1990-05-15" });
    expect(missingFields(stage.user(), basic)).toEqual(["name.secondName", "name.lastName"]);
    expect(missingFields(stage.user(), full)).toEqual([
      "name.secondName",
      "name.lastName",
      "name.secondLastName",
      "idType",
    ]);
  });

  test("A4 'has none' satisfies: a person without a second name can be verified", () => {
    const stage = play();
    const { firstName, lastName } = BASIC_DATA.name;
    stage.create({ userData: { ...BASIC_DATA, name: { firstName, lastName }, notApplicable: ["name.secondName"] } });
    expect(stage.user().state).toBe("data_complete");
    stage.open();
    stage.submitCip();
    expect(stage.attempt()).toMatchObject({ notApplicable: ["name.secondName"] });
    stage.cipResult();
    expect(stage.user().state).toBe("cip_verified");
  });

  test("B15 what the provider asks for again is missing, also when no policy requires it", () => {
    const stage = play();
    stage.create({ userData: { ...BASIC_DATA, idType: "CURP" } });
    stage.open();
    stage.submitCip();
    stage.cipResult({ outcome: "needs_data", missingFields: ["idType", "dob"] });
    expect(missingFields(stage.user(), basic)).toEqual(["dob", "idType"]);
  });
});
