import { describe, expect, test } from "vitest";
import { type Play, play, typesOf } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

const DAY_MINUTES = 24 * 60;

function known(): Play {
  const stage = play();
  stage.create({ userData: BASIC_DATA });
  return stage;
}

const dobs = ["1991-01-01", "1992-01-01", "1993-01-01", "1994-01-01"];

describe("a source that contradicts itself", () => {
  test("A13 more than two flips in 30 days raise unstable_identity, once; nothing blocks", () => {
    const stage = known();
    for (const dob of dobs.slice(0, 2)) expect(typesOf(stage.update({ dob }))).toEqual(["user.data_updated"]);
    expect(stage.user().flags).toEqual([]);
    expect(typesOf(stage.update({ dob: "1993-01-01" }))).toEqual(["user.data_updated", "user.flagged"]);
    expect(stage.user().flags).toMatchObject([{ flag: "unstable_identity", paths: ["dob"] }]);
    expect(typesOf(stage.update({ dob: "1994-01-01" }))).toEqual(["user.data_updated"]);
    expect(stage.user().state).toBe("data_complete");
  });

  test("A13 flips are counted per source, field and 30 days", () => {
    const stage = known();
    stage.open();
    stage.update({ dob: "1991-01-01" });
    stage.update({ idNumber: "XEXX010101" });
    stage.update({ name: { firstName: "Juana", lastName: "Gomez" } });
    stage.update({ dob: "1992-01-01" });
    for (const dob of dobs.slice(0, 3)) stage.provide({ dob });
    expect(stage.user().flags).toEqual([]);
    stage.clock.advanceMinutes(31 * DAY_MINUTES);
    stage.update({ dob: "1993-01-01" });
    expect(stage.user().flags).toEqual([]);
    expect(stage.user().identityFlips).toMatchObject([{ source: "partner_api", field: "dob" }]);
  });

  test("A13 a first word, another way of writing it and other fields are no flips; a second name that goes is one", () => {
    const stage = known();
    stage.update({ name: { firstName: "JUAN" } });
    stage.update({ name: { firstName: "Juán" }, idNumber: "GALO-900515", idType: "CURP" });
    stage.update({ idType: "PASSPORT" });
    expect(stage.user().identityFlips).toEqual([]);
    stage.update({ notApplicable: ["name.secondName"] });
    expect(stage.user().identityFlips).toMatchObject([{ field: "name" }]);
  });

  test("A13 B14 a review takes the flag away, and the counting begins again", () => {
    const stage = known();
    for (const dob of dobs.slice(0, 3)) stage.update({ dob });
    stage.review("allow_retry");
    expect(stage.user()).toMatchObject({ flags: [], identityFlips: [], state: "data_complete" });
  });
});
