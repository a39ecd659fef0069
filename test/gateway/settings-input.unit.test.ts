import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, type PartnerSettings } from "../../domain/partner.ts";
import { givenSettings, settingsProblems } from "../../gateway/settings-input.ts";
import { createValidators } from "../../schemas/validators.ts";

const validate = createValidators()("http/admin/partner-settings");
const MINE = { name: "mine", version: 2, fields: ["dob", "idNumber"] } as const;
const current: PartnerSettings = { ...DEFAULT_SETTINGS, requiredFieldsPolicy: MINE };
const corridor = DEFAULT_SETTINGS.corridors[0]!;

test("every setting there is can be given, with its default, and none besides", () => {
  expect(validate(DEFAULT_SETTINGS)).toEqual([]);
  expect(settingsProblems(DEFAULT_SETTINGS, null)).toEqual([]);
  expect(givenSettings(DEFAULT_SETTINGS)).toEqual({ settings: DEFAULT_SETTINGS, warnings: [] });
  const { settings, warnings } = givenSettings({ maxCipAttempts: 2, colour: "red", constructor: 1 });
  expect(settings).toEqual({ maxCipAttempts: 2 });
  expect(warnings.map(({ path }) => path)).toEqual(["colour", "constructor"]);
});

describe("what no schema can say", () => {
  const policy = (change: object) => ({ requiredFieldsPolicy: { ...MINE, ...change } });
  test.each<[string, unknown, readonly string[]]>([
    ["A12 the same policy again", policy({}), []],
    ["A12 its fields in another order", policy({ fields: ["idNumber", "dob"] }), []],
    ["A12 other fields under the same version", policy({ fields: ["dob"] }), ["requiredFieldsPolicy.version"]],
    ["A12 a lower version", policy({ version: 1 }), ["requiredFieldsPolicy.version"]],
    ["A12 a higher version", policy({ version: 3, fields: ["dob"] }), []],
    ["A12 another name", policy({ name: "other", version: 1, fields: ["dob"] }), []],
    ["A12 a built-in name", policy({ name: "full" }), ["requiredFieldsPolicy.name"]],
    ["a built-in policy", { requiredFieldsPolicy: "full" }, []],
    ["one corridor twice", { corridors: [corridor, corridor] }, ["corridors[1]"]],
    [
      "limits the wrong way round",
      { corridors: [{ ...corridor, minimumSend: "10", maximumSend: "9.99" }] },
      ["corridors[0].maximumSend"],
    ],
    ["no limits to speak of", { corridors: [{ ...corridor, minimumSend: "10", maximumSend: "10" }] }, []],
    ["no settings at all", null, []],
  ])("%s", (_, body, paths) => {
    expect(settingsProblems(body, current).map(({ path }) => path)).toEqual(paths);
  });
});

test.each([
  [{ defaultExpiresInMinutes: 4 }, "defaultExpiresInMinutes"],
  [{ defaultExpiresInMinutes: 10_081 }, "defaultExpiresInMinutes"],
  [{ reverifyGraceDays: -1 }, "reverifyGraceDays"],
  [{ reverifyGraceDays: 31 }, "reverifyGraceDays"],
  [{ cipValidForDays: 0 }, "cipValidForDays"],
  [{ maxCipAttempts: 0 }, "maxCipAttempts"],
  [{ maxCipAttempts: 1.5 }, "maxCipAttempts"],
  [{ allowedPaymentMethods: [] }, "allowedPaymentMethods"],
  [{ linksPerMinute: 0 }, "linksPerMinute"],
  [{ dataRequestTrigger: "never" }, "dataRequestTrigger"],
  [{ corridors: [{ ...corridor, source: "usd" }] }, "corridors[0].source"],
  [{ corridors: [{ ...corridor, minimumSend: "0" }] }, "corridors[0].minimumSend"],
])("%j is refused at its field", (body, path) => {
  expect(validate(body).map((problem) => problem.path)).toContain(path);
});
