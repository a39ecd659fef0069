import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareDecimals, isDecimal, multiplyToCents, toCents } from "../../../domain/operation/money.ts";

interface Exact {
  readonly text: string;
  readonly units: bigint;
  readonly digits: number;
}

/** A decimal as text, and as a whole number of units of its last digit. */
const decimal: fc.Arbitrary<Exact> = fc
  .record({ units: fc.bigInt({ min: 0n, max: 10n ** 20n }), digits: fc.integer({ min: 0, max: 8 }) })
  .map(({ units, digits }) => {
    const padded = units.toString().padStart(digits + 1, "0");
    const whole = padded.slice(0, padded.length - digits);
    return { text: digits === 0 ? whole : `${whole}.${padded.slice(-digits)}`, units, digits };
  });

/** Cents of units / 10^digits, rounded half up, by the school's way: round up when the doubled rest reaches the divisor. */
function centsOf(units: bigint, digits: number): string {
  const divisor = 10n ** BigInt(digits);
  const cents = units * 100n;
  const whole = cents / divisor + ((cents % divisor) * 2n >= divisor ? 1n : 0n);
  return `${whole / 100n}.${String(whole % 100n).padStart(2, "0")}`;
}

describe("exact decimals", () => {
  test("J3 an amount times a rate is what whole-number arithmetic says, rounded half up to cents", () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(multiplyToCents(a.text, b.text)).toBe(centsOf(a.units * b.units, a.digits + b.digits));
      }),
    );
  });

  test("J3 cents of a text are exact, and cents of cents are the same", () => {
    fc.assert(
      fc.property(decimal, ({ text, units, digits }) => {
        expect(toCents(text)).toBe(centsOf(units, digits));
        expect(toCents(toCents(text))).toBe(toCents(text));
      }),
    );
  });

  test("J1 comparing is exact, whatever the number of digits", () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const difference = a.units * 10n ** BigInt(b.digits) - b.units * 10n ** BigInt(a.digits);
        expect(Math.sign(compareDecimals(a.text, b.text))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
    );
  });

  test.each([
    ["60.50", "17.05", "1031.53"],
    ["0.01", "0.5", "0.01"],
    ["0.01", "0.49", "0.00"],
    ["0.1", "0.2", "0.02"],
    ["9007199254740993", "1", "9007199254740993.00"],
    ["1.005", "1", "1.01"],
  ])("J3 %s times %s is %s", (a, b, product) => {
    expect(multiplyToCents(a, b)).toBe(product);
  });

  test.each([
    ["0", 0, true],
    ["60", 2, true],
    ["60.5", 2, true],
    ["60.50", 2, true],
    ["60.505", 2, false],
    ["060", 2, false],
    ["60.", 2, false],
    [".5", 2, false],
    ["-1", 2, false],
    ["+1", 2, false],
    ["1e3", 2, false],
    ["1,000", 2, false],
    [" 1", 2, false],
    ["1\n", 2, false],
    ["", 2, false],
    ["NaN", 2, false],
    ["Infinity", 2, false],
    ["٣", 2, false],
  ])("J1 whether %j is a decimal with at most %i digits: %s", (text, digits, is) => {
    expect(isDecimal(text, digits)).toBe(is);
  });

  test("J3 what is no decimal is never calculated with", () => {
    for (const text of ["1e3", "", "-1", "abc"]) {
      expect(() => toCents(text)).toThrow(RangeError);
      expect(() => multiplyToCents("1", text)).toThrow(RangeError);
      expect(() => compareDecimals(text, "1")).toThrow(RangeError);
    }
  });
});
