/**
 * The fields of a user, as leaves (A1): every rule speaks of paths, never of nested objects.
 * The only composite value is paymentMethod, which is atomic (A2).
 */

/** Every path that can hold a value, in the order in which they are listed to people. */
export const PATHS = [
  "name.firstName",
  "name.secondName",
  "name.lastName",
  "name.secondLastName",
  "idNumber",
  "idType",
  "dob",
  "paymentMethod",
  "idImage",
] as const;

export type Path = (typeof PATHS)[number];

/**
 * Where a value came from, strongest first (S7); an operator's correction stands above all others (A11). Whoever sends it
 * over HTTP decides the source, never the body.
 */
export const SOURCES = ["operator", "partner_api", "partner_webhook", "widget"] as const;

export type Source = (typeof SOURCES)[number];

/** The paths for which "the person has none" can be said (A4). */
export const NOT_APPLICABLE_PATHS = ["name.secondName", "name.secondLastName"] as const;

export type NotApplicablePath = (typeof NOT_APPLICABLE_PATHS)[number];

export type PaymentMethod =
  | {
      readonly type: "bank_account";
      readonly bankAccount: { readonly country: string; readonly accountNumber: string };
    }
  | { readonly type: "cash"; readonly cash: { readonly provider: string; readonly reference?: string } }
  | {
      readonly type: "card";
      readonly card: { readonly token: string; readonly last4?: string; readonly brand?: string };
    };

/** An image is stored apart; a user only holds what identifies it. */
export type ImageReference = { readonly imageId: string; readonly sha256: string; readonly sizeInBytes: number };

export type FieldValue = string | PaymentMethod | ImageReference;

/** Values by path: the one part of a command or an event that carries what a person told us. */
export type Values = { readonly [path in Path]?: FieldValue };

/**
 * What a body's userData says, flattened: the paths whose values stand in the command's `values`, the paths said to be
 * "has none", and the paths that were present but empty (A4).
 */
export interface UserDataInput {
  readonly paths: readonly Path[];
  readonly notApplicable: readonly NotApplicablePath[];
  readonly empty: readonly Path[];
}

/** One value of one path from one source, without the value itself, which lives in `User.values`. */
export interface Assertion {
  readonly sequence: number;
  readonly at: string;
  readonly notApplicable?: true;
}

export type IgnoredReason = "empty_value" | "lower_precedence" | "not_requested";

/** A part of the input that was not applied, and why. */
export interface IgnoredField {
  readonly path: Path;
  readonly reason: IgnoredReason;
  readonly winningSource?: Source;
}
