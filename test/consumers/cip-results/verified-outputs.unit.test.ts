import { describe, expect, test } from "vitest";
import { readVerifiedOutputs } from "../../../consumers/cip-results/verified-outputs.ts";

describe("what a provider read from documents", () => {
  test("A10 is taken by path, in either form in which it may come", () => {
    const nested = { name: { firstName: "Juan", lastName: "Garcia" }, dob: "1990-05-15", idNumber: "GALO900515" };
    const dotted = { "name.firstName": "Juan", "name.lastName": "Garcia", dob: "1990-05-15", idNumber: "GALO900515" };
    expect(readVerifiedOutputs(nested)).toEqual(dotted);
    expect(readVerifiedOutputs(dotted)).toEqual(dotted);
    expect(readVerifiedOutputs(undefined)).toEqual({});
  });

  test.each([
    ["a field nobody knows", { address: "Main Street 1" }],
    ["a payment method", { paymentMethod: { type: "cash", cash: { provider: "oxxo" } } }],
    ["a number", { idNumber: 12 }],
    ["nothing but blanks", { idNumber: "  " }],
    ["too long a name", { name: { firstName: "a".repeat(101) } }],
    ["a date that does not exist", { dob: "1990-02-30" }],
    ["a date in another form", { dob: "15.05.1990" }],
    ["a name that is no object", { name: "Juan" }],
  ])("A10 %s stays outside, and the result arrives all the same", (_, outputs) => {
    expect(readVerifiedOutputs(outputs)).toEqual({});
  });
});
