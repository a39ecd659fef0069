import type { PartnerSettings, RequiredFieldsPolicy } from "../partner.ts";
import type { Path } from "./fields.ts";
import { winningSource } from "./precedence.ts";
import type { User } from "./user.ts";
import { isCurrentlyVerified } from "./verification.ts";

/** The policies that exist without anybody defining them; `basic` is exactly the seed's journey. */
export const BUILT_IN_POLICIES = {
  basic: {
    name: "basic",
    version: 1,
    fields: ["name.firstName", "name.secondName", "name.lastName", "idNumber", "dob"],
  },
  full: {
    name: "full",
    version: 1,
    fields: ["name.firstName", "name.secondName", "name.lastName", "name.secondLastName", "idNumber", "idType", "dob"],
  },
} as const satisfies Record<string, RequiredFieldsPolicy>;

/** The policy that counts for a partner now. */
export function policyOf(settings: PartnerSettings): RequiredFieldsPolicy {
  const policy = settings.requiredFieldsPolicy;
  return typeof policy === "string" ? BUILT_IN_POLICIES[policy] : policy;
}

/** How a policy is named in attempts and answers: name and version. */
export function policyLabel(policy: RequiredFieldsPolicy): string {
  return `${policy.name}@${policy.version}`;
}

/**
 * What CIP still misses (S1), in the policy's order: a required field without a winner, and a field that the provider
 * asked for again (B15). "Has none" counts as an answer (A4).
 */
export function missingFields(
  user: Pick<User, "assertions" | "cip"> | null,
  settings: PartnerSettings,
): readonly Path[] {
  const { fields } = policyOf(settings);
  if (user === null) return fields;
  const due = (Object.keys(user.cip.dueFields) as Path[]).filter((path) => !fields.includes(path));
  return [...fields, ...due].filter((path) => !isSettled(user, path));
}

/**
 * S4, B5, B7: what is asked of a user on the next link. Of a verified one nothing: not even what a grown policy wants,
 * until it is applied to the user (A12); and what a repeated check misses, once the check has to be repeated.
 */
export function askedFields(
  user: Pick<User, "assertions" | "cip" | "state">,
  settings: PartnerSettings,
): readonly Path[] {
  if (!isCurrentlyVerified(user)) return missingFields(user, settings);
  return (user.cip.eventuallyDue?.paths ?? []).filter((path) => !isSettled(user, path));
}

/** Whether somebody has spoken of the path, and the CIP provider does not ask for it again (B15). */
export function isSettled(user: Pick<User, "assertions" | "cip">, path: Path): boolean {
  return user.cip.dueFields[path] === undefined && winningSource(user.assertions, path) !== null;
}
