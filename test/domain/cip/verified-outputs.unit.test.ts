import { describe, expect, test } from "vitest";
import { type Play, play } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

function checking(): Play {
  const stage = play();
  stage.create({ userData: BASIC_DATA });
  stage.open();
  stage.submitCip();
  return stage;
}

describe("what the provider read from documents", () => {
  test("A10 is kept with the attempt, compared with the winners, and changes none of them", () => {
    const stage = checking();
    const { attemptId } = stage.attempt();
    const outputs = {
      "name.firstName": "JUAN",
      "name.lastName": "Garcia",
      "name.secondLastName": "Lopez",
      dob: "1991-05-15",
      idNumber: "galo-900515",
    };
    stage.cipResult({}, { attemptId, outputs });
    expect(stage.attempt().verifiedOutputs).toEqual(outputs);
    expect(stage.user().cip.verifiedOutputDifferences).toEqual([
      { path: "name.firstName", similarity: "cosmetic" },
      { path: "name.secondLastName", similarity: "different" },
      { path: "dob", similarity: "similar" },
    ]);
    expect(stage.user().values["dob"]).toEqual({ partner_api: "1990-05-15" });
    expect(stage.user().assertions["name.secondLastName"]).toBeUndefined();
    expect(stage.user().verifiedValues["dob"]).toBe("1990-05-15");
    expect(stage.user().cip.verification).toMatchObject({ current: true, change: null });
  });

  test("A10 comes with a failure too, and the next verdict replaces the comparison", () => {
    const stage = checking();
    stage.cipResult({ outcome: "failed" }, { attemptId: stage.attempt().attemptId, outputs: { dob: "1980-01-01" } });
    expect(stage.user().cip.verifiedOutputDifferences).toEqual([{ path: "dob", similarity: "different" }]);
    stage.submitCip();
    stage.cipResult();
    expect(stage.user().cip.verifiedOutputDifferences).toEqual([]);
    expect(stage.attempt().verifiedOutputs).toBeNull();
  });

  test("A10 B2 waits with a result that waits for its attempt", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.cipResult({}, { attemptId: null, outputs: { dob: "1980-01-01" } });
    stage.submitCip();
    expect(stage.user()).toMatchObject({
      state: "cip_verified",
      cip: { verifiedOutputDifferences: [{ path: "dob", similarity: "different" }] },
    });
  });
});
