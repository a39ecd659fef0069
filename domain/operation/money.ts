/**
 * Exact decimal arithmetic on text (J3): money is never a float. A decimal is digits with an optional fraction, not
 * negative, without exponent.
 */
const DECIMAL = /^(0|[1-9]\d*)(?:\.(\d+))?$/;

/** Whether the text is a decimal with at most that many digits after the point. */
export function isDecimal(text: string, maximumFractionDigits: number): boolean {
  const match = DECIMAL.exec(text);
  return match !== null && (match[2] ?? "").length <= maximumFractionDigits;
}

/** Negative, zero or positive as a is less than, equal to, or more than b. */
export function compareDecimals(a: string, b: string): number {
  const scale = Math.max(fractionDigits(a), fractionDigits(b));
  const difference = scaled(a, scale) - scaled(b, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** The product, rounded half up to two digits: what the receiver gets for an amount at a rate. */
export function multiplyToCents(a: string, b: string): string {
  const digits = fractionDigits(a) + fractionDigits(b);
  const product = scaled(a, fractionDigits(a)) * scaled(b, fractionDigits(b));
  return inCents(product, digits);
}

/** The same amount with exactly two digits after the point, rounded half up. */
export function toCents(text: string): string {
  return inCents(scaled(text, fractionDigits(text)), fractionDigits(text));
}

function inCents(value: bigint, digits: number): string {
  const cents = digits <= 2 ? value * 10n ** BigInt(2 - digits) : roundHalfUp(value, 10n ** BigInt(digits - 2));
  const text = cents.toString().padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

function roundHalfUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor / 2n) / divisor;
}

function scaled(text: string, scale: number): bigint {
  const match = DECIMAL.exec(text);
  if (match === null) throw new RangeError("not a decimal");
  return BigInt((match[1] ?? "0") + (match[2] ?? "").padEnd(scale, "0"));
}

function fractionDigits(text: string): number {
  return DECIMAL.exec(text)?.[2]?.length ?? 0;
}
