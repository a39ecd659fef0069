import type { Problem } from "../refusals.ts";
import {
  type FieldValue,
  NOT_APPLICABLE_PATHS,
  type NotApplicablePath,
  PATHS,
  type Path,
  type PaymentMethod,
  type UserDataInput,
  type Values,
} from "./fields.ts";

/** A body's userData, read: what to put into a command, and what to tell the caller. */
export interface ReadUserData {
  readonly input: UserDataInput;
  readonly values: Values;
  /** Dotted paths below userData that mean nothing to us: reported, not stored. */
  readonly unknownPaths: readonly string[];
  /** Not empty: the whole request is refused and nothing is stored (A9). */
  readonly problems: readonly Problem[];
}

/**
 * Flattens userData into leaves (A1). null, "" and blank mean "not provided" (A4); paymentMethod is one value (A2).
 * The shapes of single values were checked against the schema before; what a schema cannot say is checked here: dates
 * against `today` (`YYYY-MM-DD`), and a value together with "has none" for the same path.
 */
export function readUserData(body: unknown, today: string): ReadUserData {
  const leaves = isObject(body) ? leavesOf(body) : [];
  const known = leaves.filter((leaf): leaf is Leaf & { path: Path } => leaf.isKnown);
  const given = known.filter(({ value }) => !isEmpty(value));
  const notApplicable = notApplicableOf(body);
  const values: { [path in Path]?: FieldValue } = {};
  for (const { path, value } of given) values[path] = knownParts(path, value);
  return {
    input: {
      paths: given.map(({ path }) => path),
      notApplicable,
      empty: known.filter(({ value }) => isEmpty(value)).map(({ path }) => path),
    },
    values,
    unknownPaths: unknownPathsOf(leaves),
    problems: [...dateProblems(values.dob, today), ...contradictions(given, notApplicable)],
  };
}

interface Leaf {
  readonly path: string;
  readonly value: unknown;
  readonly isKnown: boolean;
}

function leavesOf(body: Readonly<Record<string, unknown>>): readonly Leaf[] {
  return Object.entries(body).flatMap(([key, value]) => {
    if (key === "notApplicable") return [];
    if (key === "name" && isObject(value)) {
      return Object.entries(value).map(([part, inner]) => leaf(`name.${part}`, inner));
    }
    // A key `name.firstName` is not the leaf of that name: the schema has not looked at its value.
    return [{ ...leaf(key, value), isKnown: isPath(key) && !key.includes(".") }];
  });
}

function leaf(path: string, value: unknown): Leaf {
  return { path, value, isKnown: isPath(path) };
}

/** An empty name, `name: null`, says nothing about any leaf (A1, A4). */
function unknownPathsOf(leaves: readonly Leaf[]): readonly string[] {
  const unknown = leaves.filter(({ path, value, isKnown }) => !isKnown && !(path === "name" && isEmpty(value)));
  const inside = leaves.flatMap(({ path, value }) => (path === "paymentMethod" ? unknownPaymentPaths(value) : []));
  return [...unknown.map(({ path }) => path), ...inside];
}

const PAYMENT_KEYS: {
  readonly [type in PaymentMethod["type"]]: { readonly part: string; readonly keys: readonly string[] };
} = {
  bank_account: { part: "bankAccount", keys: ["country", "accountNumber"] },
  cash: { part: "cash", keys: ["provider", "reference"] },
  card: { part: "card", keys: ["token", "last4", "brand"] },
};

function paymentKeys(value: unknown): (typeof PAYMENT_KEYS)[PaymentMethod["type"]] | null {
  if (!isObject(value) || typeof value["type"] !== "string") return null;
  return Object.hasOwn(PAYMENT_KEYS, value["type"]) ? PAYMENT_KEYS[value["type"] as PaymentMethod["type"]] : null;
}

function unknownPaymentPaths(value: unknown): readonly string[] {
  const known = paymentKeys(value);
  if (known === null || !isObject(value)) return [];
  const outer = Object.keys(value).filter((key) => key !== "type" && key !== known.part);
  const details = value[known.part];
  const inner = isObject(details) ? Object.keys(details).filter((key) => !known.keys.includes(key)) : [];
  return [...outer.map((key) => `paymentMethod.${key}`), ...inner.map((key) => `paymentMethod.${known.part}.${key}`)];
}

/** Only the parts that the contract knows are stored; for a payment method those of its type. */
function knownParts(path: Path, value: unknown): FieldValue {
  const known = path === "paymentMethod" ? paymentKeys(value) : null;
  if (known === null || !isObject(value)) return value as FieldValue;
  const details = value[known.part];
  const kept = isObject(details)
    ? Object.fromEntries(Object.entries(details).filter(([key, inner]) => known.keys.includes(key) && inner !== null))
    : {};
  return { type: value["type"], [known.part]: kept } as PaymentMethod;
}

function notApplicableOf(body: unknown): readonly NotApplicablePath[] {
  const stated = isObject(body) ? body["notApplicable"] : undefined;
  if (!Array.isArray(stated)) return [];
  return NOT_APPLICABLE_PATHS.filter((path) => stated.includes(path));
}

/** G5: a date of birth has no zone; it is compared as text. */
function dateProblems(dob: FieldValue | undefined, today: string): readonly Problem[] {
  if (typeof dob !== "string") return [];
  if (dob > today) return [problem("dob", "in_the_future", "userData.dob must not be in the future")];
  if (dob < "1900-01-01") return [problem("dob", "too_early", "userData.dob must not be before 1900-01-01")];
  return [];
}

function contradictions(given: readonly Leaf[], notApplicable: readonly NotApplicablePath[]): readonly Problem[] {
  return notApplicable
    .filter((path) => given.some((leaf) => leaf.path === path))
    .map((path) =>
      problem(
        path,
        "contradiction",
        `userData.${path} has a value and is listed in notApplicable; send one of the two`,
      ),
    );
}

function problem(path: string, code: string, message: string): Problem {
  return { path: `userData.${path}`, code, message };
}

function isPath(path: string): path is Path {
  return (PATHS as readonly string[]).includes(path);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "string" && value.trim() === "");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
