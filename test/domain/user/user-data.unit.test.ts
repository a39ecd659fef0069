import { describe, expect, test } from "vitest";
import { readUserData } from "../../../domain/user/user-data.ts";
import { BANK_ACCOUNT } from "../../support/domain-commands.ts";

const TODAY = "2026-03-01";
const read = (body: unknown) => readUserData(body, TODAY);

describe("reading userData", () => {
  test("A1 A2 a body becomes leaves; a payment method stays one value", () => {
    const image = { imageId: "img_1", sha256: "00ff", sizeInBytes: 3 };
    expect(
      read({
        name: { firstName: "Juan", secondName: "Carlos", lastName: "Garcia", secondLastName: "Lopez" },
        idNumber: "GALO900515",
        idType: "CURP",
        dob: "1990-05-15",
        paymentMethod: BANK_ACCOUNT,
        idImage: image,
      }),
    ).toEqual({
      input: {
        paths: [
          "name.firstName",
          "name.secondName",
          "name.lastName",
          "name.secondLastName",
          "idNumber",
          "idType",
          "dob",
          "paymentMethod",
          "idImage",
        ],
        notApplicable: [],
        empty: [],
      },
      values: {
        "name.firstName": "Juan",
        "name.secondName": "Carlos",
        "name.lastName": "Garcia",
        "name.secondLastName": "Lopez",
        idNumber: "GALO900515",
        idType: "CURP",
        dob: "1990-05-15",
        paymentMethod: BANK_ACCOUNT,
        idImage: image,
      },
      unknownPaths: [],
      problems: [],
    });
  });

  test.each([undefined, null, {}, { name: {} }, { name: null }, { name: "" }, [], "text", 5])(
    "A1 %j says nothing",
    (body) => {
      const input = { paths: [], notApplicable: [], empty: [] };
      expect(read(body)).toEqual({ input, values: {}, unknownPaths: [], problems: [] });
    },
  );

  test.each([null, "", "   ", "\t\n"])("A4 %j means not provided, of a leaf and of a payment method", (empty) => {
    const { input, values } = read({ name: { firstName: empty, lastName: "Garcia" }, paymentMethod: empty });
    expect(input).toEqual({ paths: ["name.lastName"], notApplicable: [], empty: ["name.firstName", "paymentMethod"] });
    expect(values).toEqual({ "name.lastName": "Garcia" });
  });

  test("A4 'has none' is read apart from values, in a fixed order and once", () => {
    const notApplicable = ["name.secondLastName", "name.secondName", "name.secondName"];
    expect(read({ notApplicable }).input).toEqual({
      paths: [],
      notApplicable: ["name.secondName", "name.secondLastName"],
      empty: [],
    });
    expect(read({ notApplicable: null }).input.notApplicable).toEqual([]);
  });

  test("A4 A9 a value together with 'has none' refuses the request; an empty value does not", () => {
    const notApplicable = ["name.secondName"];
    expect(read({ name: { secondName: "Carlos" }, notApplicable }).problems).toEqual([
      {
        path: "userData.name.secondName",
        code: "contradiction",
        message: "userData.name.secondName has a value and is listed in notApplicable; send one of the two",
      },
    ]);
    expect(read({ name: { secondName: " " }, notApplicable }).problems).toEqual([]);
  });

  test.each([
    ["2026-03-01", null],
    ["1900-01-01", null],
    ["2026-03-02", "in_the_future"],
    ["2999-01-01", "in_the_future"],
    ["1899-12-31", "too_early"],
  ])("G5 A9 a dob has no zone: %s on 2026-03-01 is %s", (dob, code) => {
    const { problems } = read({ dob });
    expect(problems.map((problem) => [problem.path, problem.code])).toEqual(
      code === null ? [] : [["userData.dob", code]],
    );
  });

  test("A9 every problem is listed", () => {
    const { problems } = read({ dob: "2999-01-01", name: { secondName: "A" }, notApplicable: ["name.secondName"] });
    expect(problems.map(({ path }) => path)).toEqual(["userData.dob", "userData.name.secondName"]);
  });

  test("what we do not know is named and not stored, at every depth", () => {
    const { unknownPaths, values } = read({
      nickname: "Juancho",
      name: { firstName: "Juan", middle: "X" },
      address: { street: "Reforma" },
      paymentMethod: {
        ...BANK_ACCOUNT,
        note: "mine",
        cash: { provider: "other" },
        bankAccount: { ...BANK_ACCOUNT.bankAccount, holder: "Juan" },
      },
    });
    expect(unknownPaths).toEqual([
      "nickname",
      "name.middle",
      "address",
      "paymentMethod.note",
      "paymentMethod.cash",
      "paymentMethod.bankAccount.holder",
    ]);
    expect(values).toEqual({ "name.firstName": "Juan", paymentMethod: BANK_ACCOUNT });
  });

  test("A9 a dotted key at the top is unknown: it would pass by the checks of the leaf it is named after", () => {
    const body = { "name.firstName": 5, name: { firstName: "Juan" } };
    expect(read(body)).toEqual({
      input: { paths: ["name.firstName"], notApplicable: [], empty: [] },
      values: { "name.firstName": "Juan" },
      unknownPaths: ["name.firstName"],
      problems: [],
    });
  });

  test("keys that every object has are no fields", () => {
    const body = JSON.parse('{"__proto__":{"dob":"1990-05-15"},"toString":"x","name":{"constructor":"y"}}');
    const { input, values, unknownPaths } = read(body);
    expect(input.paths).toEqual([]);
    expect(values).toEqual({});
    expect(unknownPaths).toEqual(["__proto__", "toString", "name.constructor"]);
  });
});
