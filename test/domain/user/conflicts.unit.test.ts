import { describe, expect, test } from "vitest";
import { conflictsOf } from "../../../domain/user/conflicts.ts";
import type { Path } from "../../../domain/user/fields.ts";
import { similarityOf } from "../../../domain/user/similarity.ts";
import { type Play, play } from "../../support/domain.ts";
import type { UserDataBody } from "../../support/domain-commands.ts";

function said(byPartner: UserDataBody, byUser: UserDataBody): Play {
  const stage = play();
  stage.create({ userData: byPartner });
  stage.open();
  stage.provide(byUser);
  return stage;
}

describe("conflicts of a user", () => {
  test("A3 idType and idNumber whose winners come from different sources are a mixed pair", () => {
    const { user } = said({ idType: "CURP" }, { idType: "PASSPORT", idNumber: "G12345678" });
    expect(conflictsOf(user())).toEqual([
      { kind: "mixed_pair", paths: ["idType", "idNumber"], sources: ["partner_api", "widget"] },
    ]);
  });

  test("A3 a pair from one source, and half a pair, are none", () => {
    expect(conflictsOf(said({ idType: "CURP", idNumber: "GALO900515" }, {}).user())).toEqual([]);
    expect(conflictsOf(said({ idType: "CURP" }, {}).user())).toEqual([]);
    expect(conflictsOf(said({}, { idNumber: "GALO900515" }).user())).toEqual([]);
  });

  test("A8 a losing word that says something else about name, dob or idNumber is told with its similarity", () => {
    const { user } = said(
      { name: { firstName: "Juan", lastName: "García" }, idNumber: "GALO900515", dob: "1990-05-15" },
      { name: { firstName: "Pedro", lastName: "GARCIA" }, idNumber: "GALO900516", dob: "1990-05-15" },
    );
    const sources = { winningSource: "partner_api", losingSource: "widget" };
    expect(conflictsOf(user())).toEqual([
      { kind: "contradiction", path: "name.firstName", ...sources, similarity: "different" },
      { kind: "contradiction", path: "name.lastName", ...sources, similarity: "cosmetic" },
      { kind: "contradiction", path: "idNumber", ...sources, similarity: "similar" },
    ]);
  });

  test("A8 every losing source is told, each against the winner", () => {
    const stage = said({}, { dob: "1991-05-15" });
    stage.answer({ dob: "1990-05-15" });
    stage.clock.advanceMinutes(61);
    stage.create({ userData: { dob: "1990-06-20" } });
    expect(conflictsOf(stage.user())).toEqual(
      ["partner_webhook", "widget"].map((losingSource) => ({
        kind: "contradiction",
        path: "dob",
        winningSource: "partner_api",
        losingSource,
        similarity: "different",
      })),
    );
  });

  test("A8 'has none' against a value is a contradiction; two of them agree", () => {
    const none = { notApplicable: ["name.secondName"] };
    const value = { name: { secondName: "Carlos" } };
    const conflict = { kind: "contradiction", path: "name.secondName", similarity: "different" };
    expect(conflictsOf(said(none, value).user())).toMatchObject([conflict]);
    expect(conflictsOf(said(value, none).user())).toMatchObject([conflict]);
    expect(conflictsOf(said(none, none).user())).toEqual([]);
  });

  test("A8 an equal word in another form, and other paths, are no contradiction", () => {
    const { user } = said({ idNumber: "GALO-900515", idType: "CURP" }, { idNumber: "galo 900515", idType: "PASSPORT" });
    expect(conflictsOf(user())).toEqual([]);
  });
});

describe("similarity", () => {
  test.each<[Path, string, string, string]>([
    ["name.firstName", "Juan", "JUAN", "cosmetic"],
    ["name.lastName", "Núñez", "Nunez", "cosmetic"],
    ["name.lastName", "Garcia-Lopez", "Garcia Lopez", "cosmetic"],
    ["name.firstName", "Juan", "Juana", "similar"],
    ["name.firstName", "Jaun", "Juan", "similar"],
    ["name.firstName", "Maria Jose", "Maria", "similar"],
    ["name.lastName", "Lopez", "Garcia Lopez", "similar"],
    ["name.firstName", "Juan", "Pedro", "different"],
    ["name.firstName", "Maria Jose", "Maria Luisa", "different"],
    ["dob", "1990-05-15", "1990-05-16", "similar"],
    ["dob", "1990-05-06", "1990-06-05", "similar"],
    ["dob", "1990-05-15", "1991-06-15", "different"],
    ["idNumber", "GALO900515", "GALO90515", "similar"],
    ["idNumber", "GALO900515", "GALO905015", "similar"],
    ["idNumber", "GALO900515", "XEXX010101", "different"],
    ["idNumber", "AAA", "AAAAA", "different"],
  ])("A8 %s: %s and %s are %s", (path, one, other, similarity) => {
    expect(similarityOf(path, one, other)).toBe(similarity);
    expect(similarityOf(path, other, one)).toBe(similarity);
  });
});
