import type { NotApplicablePath, Path, UserDataInput, Values } from "../domain/user/fields.ts";
import { NOT_APPLICABLE_PATHS } from "../domain/user/fields.ts";
import type { Random } from "./random.ts";

/** userData as a command carries it. */
export interface GivenData {
  readonly input: UserDataInput;
  readonly values: Values;
}

/**
 * What people say of themselves here. Every value carries a mark that stands in nothing else of the system (an eñe, in
 * any Unicode form, an upper-case XQ, or a year of birth from 1900 to 1909), so that a value which leaves is seen at once.
 */
const POOL = {
  "name.firstName": ["Íñigo", "In\u0303igo", "Iñigo", "  Íñigo ", "Begoña"],
  "name.secondName": ["Toñi", "toñi", "Peña"],
  "name.lastName": ["Muñoz", "MUÑOZ", "Núñez", "Ibáñez de  la Peña"],
  "name.secondLastName": ["Ordóñez", "Castañeda"],
  idNumber: ["XQ900515", "XQ-9005.15", "XQ 900515", "XQ010101"],
  idType: ["XQCURP", "XQPASSPORT"],
  dob: ["1901-05-15", "1901-05-16", "1909-12-31"],
  paymentMethod: [
    { type: "bank_account", bankAccount: { country: "MX", accountNumber: "XQ2345678901234567" } },
    { type: "bank_account", bankAccount: { country: "MX", accountNumber: "XQ9999" } },
    { type: "cash", cash: { provider: "XQoxxo", reference: "XQref" } },
    { type: "card", card: { token: "XQtok" } },
  ],
  idImage: [{ imageId: "img_XQ", sha256: "XQhash", sizeInBytes: 9 }],
} as const satisfies { readonly [path in Path]: readonly unknown[] };

/** Finds a value of a field in a text of JSON; see the pool. */
export const FIELD_VALUE = /ñ|Ñ|n\u0303|XQ|190\d-\d\d-/;

const PATHS = Object.keys(POOL) as readonly Path[];
const BASIC = ["name.firstName", "name.secondName", "name.lastName", "idNumber", "dob"] as const satisfies Path[];

/** Some data: nothing, a few leaves, everything an identity check needs, or just what is asked for. */
export function someData(random: Random, missing: readonly Path[] = BASIC): GivenData {
  const paths = random.weighted<readonly Path[]>([[], missing, BASIC, [...BASIC, "paymentMethod"], PATHS], (choice) =>
    choice === missing ? 4 : 1,
  );
  const wanted = random.chance(0.3) ? (paths ?? []).filter(() => random.chance(0.6)) : (paths ?? []);
  return saying(random, random.chance(0.15) ? [...new Set([...wanted, random.pick(PATHS)])] : wanted);
}

/** A value, "has none" or an empty text for each of the paths. */
export function saying(random: Random, wanted: readonly Path[]): GivenData {
  const paths: Path[] = [];
  const notApplicable: NotApplicablePath[] = [];
  const empty: Path[] = [];
  const values: { [path in Path]?: unknown } = {};
  for (const path of wanted) {
    if (isOptional(path) && random.chance(0.3)) notApplicable.push(path);
    else if (random.chance(0.04)) empty.push(path);
    else {
      paths.push(path);
      values[path] = random.pick<unknown>(POOL[path]);
    }
  }
  return { input: { paths, notApplicable, empty }, values: values as Values };
}

function isOptional(path: Path): path is NotApplicablePath {
  return (NOT_APPLICABLE_PATHS as readonly Path[]).includes(path);
}
