import { describe, expect, test } from "vitest";
import type { FieldValue, Path } from "../../../domain/user/fields.ts";
import { changeOf, verifiedDifferences } from "../../../domain/user/verification.ts";

const VERIFIED = {
  "name.firstName": "José",
  "name.secondName": "Luis",
  "name.lastName": "García López",
  idNumber: "GALO900515",
  dob: "1990-05-15",
} as const;

type Now = { readonly [path in Path]?: FieldValue | null };

/** The class of every difference when the winners are what was verified, but for `now`; null: nobody says it any more. */
function differences(now: Now, { without = [] }: { readonly without?: readonly Path[] } = {}) {
  const winners = { ...VERIFIED, ...now };
  const said = Object.entries(winners).filter((entry) => entry[1] !== null);
  const made = { sequence: 1, at: "2026-03-01T12:00:00.000Z" };
  const verifiedValues = Object.fromEntries(
    Object.entries(VERIFIED).filter(([path]) => !without.includes(path as Path)),
  );
  const found = verifiedDifferences({
    assertions: Object.fromEntries(said.map(([path]) => [path, { partner_api: made }])),
    values: Object.fromEntries(said.map(([path, value]) => [path, { partner_api: value }])),
    verifiedValues,
    verifiedNotApplicable: [],
  });
  return Object.fromEntries(found.map(({ path, kind }) => [path, kind]));
}

describe("how far the winners are from what was verified", () => {
  test.each<[string, Now, Record<string, string>]>([
    ["the same values", {}, {}],
    ["another payment method", { paymentMethod: { type: "cash", cash: { provider: "oxxo" } } }, {}],
    ["another image", { idImage: { imageId: "img_1", sha256: "00", sizeInBytes: 1 } }, {}],
    ["capitals and accents", { "name.firstName": "JOSE" }, { "name.firstName": "cosmetic" }],
    ["spacing in a name", { "name.lastName": "Garcia  Lopez" }, { "name.lastName": "cosmetic" }],
    ["separators in an idNumber", { idNumber: "galo-900515" }, { idNumber: "cosmetic" }],
    [
      "words that moved to the next part of the name",
      { "name.lastName": "García", "name.secondLastName": "López" },
      { "name.lastName": "cosmetic", "name.secondLastName": "cosmetic" },
    ],
    ["a second last name appears", { "name.secondLastName": "Pérez" }, { "name.secondLastName": "additive" }],
    ["an idType appears", { idType: "CURP" }, { idType: "additive" }],
    ["one letter of a name", { "name.firstName": "Josa" }, { "name.firstName": "material" }],
    ["a word more in a name", { "name.firstName": "José Maria" }, { "name.firstName": "material" }],
    ["a second name that is gone", { "name.secondName": null }, { "name.secondName": "material" }],
    ["another day of birth", { dob: "1990-05-16" }, { dob: "material" }],
    ["a verified idNumber that is gone", { idNumber: null }, { idNumber: "material" }],
    [
      "first and last name exchanged",
      { "name.firstName": "García López", "name.lastName": "José" },
      { "name.firstName": "material", "name.lastName": "material" },
    ],
  ])("B5 %s", (_, now, expected) => {
    expect(differences(now)).toEqual(expected);
  });

  test("B5 a second name where the person had none is additive", () => {
    expect(differences({}, { without: ["name.secondName"] })).toEqual({ "name.secondName": "additive" });
  });

  test("B5 two of idNumber, dob and lastName at once are another person; one after the other they are not", () => {
    const both = [
      { path: "dob", kind: "material" },
      { path: "idNumber", kind: "material" },
    ] as const;
    expect(changeOf(both, ["dob", "idNumber"])).toBe("substitution");
    expect(changeOf(both, ["idNumber"])).toBe("material");
    const names = [
      { path: "name.firstName", kind: "material" },
      { path: "name.lastName", kind: "material" },
    ] as const;
    expect(changeOf(names, ["name.firstName", "name.lastName"])).toBe("material");
  });

  test("B5 the strongest difference names the change", () => {
    const cosmetic = { path: "dob", kind: "cosmetic" } as const;
    const additive = { path: "idType", kind: "additive" } as const;
    expect(changeOf([], [])).toBeNull();
    expect(changeOf([cosmetic], ["dob"])).toBe("cosmetic");
    expect(changeOf([cosmetic, additive], ["dob"])).toBe("additive");
    expect(changeOf([cosmetic, additive, { path: "idNumber", kind: "material" }], [])).toBe("material");
  });
});
