import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findJsonFault } from "../../gateway/json-fault.ts";
import { readJson } from "../../gateway/read-json.ts";
import { RequestRefused } from "../../gateway/request-refused.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function refusalOf(body: Uint8Array | string): RequestRefused {
  try {
    readJson(typeof body === "string" ? bytes(body) : body);
  } catch (error) {
    if (error instanceof RequestRefused) return error;
    throw error;
  }
  throw new Error("the body was accepted");
}

describe("findJsonFault", () => {
  test.each([
    ['{"a": abc}', 1, 7],
    ['{"a":1,}', 1, 8],
    ['{"a":"x', 1, 8],
    ["{", 1, 2],
    ["[1 2]", 1, 4],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{"a":"\u0001"}', 1, 7],
    ['{"a":"\\x"}', 1, 7],
    ['{"a":"\\u12G4"}', 1, 7],
    ["[01]", 1, 2],
    ["[1.]", 1, 2],
    ["{} {}", 1, 4],
    ["[1]]", 1, 4],
    ["{1:2}", 1, 2],
    ["[,]", 1, 2],
    ["[1,]", 1, 4],
    ["nul", 1, 1],
    ["truefalse", 1, 1],
    ['"a" "b"', 1, 5],
    ['{"a"}', 1, 5],
    ["(1]", 1, 1],
    ["[1}", 1, 3],
  ])("%s stops being JSON at line %i, column %i", (text, line, column) => {
    expect(findJsonFault(text)).toMatchObject({ line, column });
  });

  test("it finds no fault exactly where the parser finds none", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"\\u00e9"',
      "1",
      "-0.5e+3",
      "null",
      "true",
      " ",
      "\n",
      "x",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        expect(findJsonFault(text) === null).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test("it takes every JSON value", () => {
    fc.assert(fc.property(fc.json(), (text) => findJsonFault(text) === null));
  });

  test("it takes a text of nine million characters without recursion", () => {
    const text = `{"idImage":"${"A".repeat(9_000_000)}"}`;
    expect(findJsonFault(text)).toBeNull();
    expect(findJsonFault(text.slice(0, -1))).toMatchObject({ line: 1, column: text.length });
  });
});

describe("readJson", () => {
  test("an empty body counts as an empty object", () => {
    expect(readJson(bytes(""))).toEqual({});
    expect(readJson(bytes(" \n"))).toEqual({});
  });

  test("broken JSON is refused with the place and without a word of the body", () => {
    const refused = refusalOf('{"idNumber": SECRET123}');
    expect(refused.code).toBe("INVALID_REQUEST");
    expect(refused.message).toBe("The body is not valid JSON at line 1, column 14");
  });

  test.each([
    ["a NUL", '{"a":"x\\u0000y"}', "invalid_characters", "a"],
    ["half a surrogate pair", '{"a":["\\ud800"]}', "invalid_characters", "a.0"],
    ["a NUL in a name", '{"b":{"x\\u0000":1}}', "invalid_characters", "b"],
    ["an infinite number", '{"a":1e999}', "too_large", "a"],
  ])("%s is refused before a store or a hash meets it", (_, body, code, path) => {
    expect(refusalOf(body).facts.details).toMatchObject([{ code, path }]);
  });

  test("more than 32 levels are refused, however many there are", () => {
    expect(readJson(bytes("[".repeat(32) + "]".repeat(32)))).toBeInstanceOf(Array);
    const refused = refusalOf("[".repeat(100_000) + "]".repeat(100_000));
    expect(refused.facts.details).toMatchObject([{ code: "too_deep" }]);
  });

  test("more than ten thousand values are refused: no check may take the square of a million", () => {
    expect(readJson(bytes(JSON.stringify(Array.from({ length: 9_999 }, () => 1))))).toHaveLength(9_999);
    const refused = refusalOf(JSON.stringify({ a: Array.from({ length: 10_000 }, () => 1) }));
    expect(refused.facts.details).toMatchObject([{ code: "too_many" }]);
  });

  test("what is not UTF-8 is refused", () => {
    expect(refusalOf(Uint8Array.from([0x22, 0xff, 0x22])).message).toBe("The body is not valid UTF-8");
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
