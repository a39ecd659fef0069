import { describe, expect, test } from "vitest";
import { createValidators } from "../../schemas/validators.ts";

const createLink = createValidators()("http/create-link");

function told(body: unknown): Record<string, string> {
  return Object.fromEntries(createLink(body).map(({ path, message }) => [path, message]));
}

describe("problems are told in words", () => {
  test("a missing referenceId, in the documented sentence", () => {
    expect(createLink({})).toEqual([
      { path: "referenceId", code: "required", message: "The referenceId field is required" },
    ]);
  });

  test("an empty referenceId is a missing one", () => {
    expect(told({ referenceId: "" })).toEqual({ referenceId: "The referenceId field is required" });
  });

  test.each([
    [4, "The expiresInMinutes field must be from 5 to 10080"],
    [10081, "The expiresInMinutes field must be from 5 to 10080"],
    [60.5, "The expiresInMinutes field must be an integer"],
    ["60", "The expiresInMinutes field must be an integer"],
    [null, "The expiresInMinutes field must be an integer"],
  ])("expiresInMinutes %j", (expiresInMinutes, message) => {
    expect(told({ referenceId: "user_1", expiresInMinutes })).toEqual({ expiresInMinutes: message });
  });

  test("A2 half a payment method: one problem per missing path and nothing of the other kinds", () => {
    const body = (paymentMethod: unknown) => ({ referenceId: "user_1", userData: { paymentMethod } });
    const path = "userData.paymentMethod";
    expect(told(body({ type: "bank_account" }))).toEqual({
      [`${path}.bankAccount`]: `The ${path}.bankAccount field is required`,
    });
    expect(told(body({ type: "bank_account", bankAccount: {} }))).toEqual({
      [`${path}.bankAccount.country`]: `The ${path}.bankAccount.country field is required`,
      [`${path}.bankAccount.accountNumber`]: `The ${path}.bankAccount.accountNumber field is required`,
    });
    expect(told(body({}))).toEqual({ [`${path}.type`]: `The ${path}.type field is required` });
    expect(told(body({ type: "cheque" }))).toEqual({
      [`${path}.type`]: `The ${path}.type field must be one of: bank_account, cash, card`,
    });
    expect(told(body("cash"))).toEqual({ [path]: `The ${path} field must be an object` });
  });

  test("A9 a date that is not in the calendar: one problem, not one per branch", () => {
    expect(createLink({ referenceId: "user_1", userData: { dob: "2024-02-30" } })).toEqual([
      {
        path: "userData.dob",
        code: "wrong_format",
        message: "The userData.dob field must be a real date, as 1990-05-15",
      },
    ]);
  });

  test("null is a wrong type outside userData and means nothing inside it", () => {
    expect(told({ referenceId: "user_1", metadata: null })).toEqual({
      metadata: "The metadata field must be an object",
    });
    expect(told({ referenceId: "user_1", userData: { idNumber: null, dob: null, name: null } })).toEqual({});
  });

  test("all problems at once, each at its path", () => {
    const body = {
      expiresInMinutes: 4,
      language: "fr",
      userData: { name: { firstName: 7 }, idNumber: "x".repeat(65) },
    };
    expect(told(body)).toEqual({
      referenceId: "The referenceId field is required",
      expiresInMinutes: "The expiresInMinutes field must be from 5 to 10080",
      language: "The language field must be one of: en, es",
      "userData.name.firstName": "The userData.name.firstName field must be a string or null",
      "userData.idNumber": "The userData.idNumber field must have at most 64 characters",
    });
  });

  test("a message that may be named in two ways is told both", () => {
    const problems = createValidators()("messages/cip-results")({ provider: "cip" });
    expect(problems).toContainEqual({
      path: "",
      code: "required",
      message: "The body must have attemptId, or partner, environment and referenceId",
    });
  });

  test("no value is ever repeated", () => {
    const secret = "GALO900515";
    const body = {
      referenceId: ` ${secret}`,
      language: secret,
      userData: { dob: secret, paymentMethod: { type: secret } },
    };
    const problems = createLink(body);
    expect(problems).toHaveLength(4);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  test("an unknown schema is a mistake of ours and throws", () => {
    expect(() => createValidators()("http/nothing")).toThrow("There is no schema http/nothing");
  });
});
