import { DEFAULT_SETTINGS, type PartnerSettings, type RequiredFieldsPolicy } from "../domain/partner.ts";
import type { Problem } from "../domain/refusals.ts";
import { BUILT_IN_POLICIES } from "../domain/user/required-fields.ts";
import { unknownFieldWarnings, type Warning } from "./check-input.ts";

/** Settings of a body that its schema and `settingsProblems` have taken, and the names that mean nothing. */
export function givenSettings(body: object): {
  readonly settings: Partial<PartnerSettings>;
  readonly warnings: readonly Warning[];
} {
  const entries = Object.entries(body);
  const known = entries.filter(([name]) => Object.hasOwn(DEFAULT_SETTINGS, name));
  const unknown = entries.filter(([name]) => !Object.hasOwn(DEFAULT_SETTINGS, name));
  return { settings: Object.fromEntries(known), warnings: unknownFieldWarnings(unknown.map(([name]) => name)) };
}

/**
 * What a schema cannot say of settings: corridors are distinct and their limits in order; a policy of the partner's own
 * has a name that is not built in, and other fields under the same name need a higher version (A12). `current` is null
 * for a new partner.
 */
export function settingsProblems(body: unknown, current: PartnerSettings | null): readonly Problem[] {
  if (!isRecord(body)) return [];
  return [...corridorProblems(body["corridors"]), ...policyProblems(body["requiredFieldsPolicy"], current)];
}

function corridorProblems(corridors: unknown): readonly Problem[] {
  if (!Array.isArray(corridors)) return [];
  const seen = new Set<string>();
  return corridors.flatMap((corridor: unknown, index) => {
    if (!isRecord(corridor)) return [];
    const { source, destination, minimumSend, maximumSend } = corridor;
    const way = `${source}-${destination}`;
    const isRepeated = seen.has(way);
    seen.add(way);
    const path = `corridors[${index}]`;
    return [
      ...(isRepeated ? [problem(path, "duplicate", `The ${path} field names a corridor twice`)] : []),
      ...(Number(minimumSend) > Number(maximumSend)
        ? [problem(`${path}.maximumSend`, "out_of_range", `The ${path}.maximumSend field must be at least minimumSend`)]
        : []),
    ];
  });
}

const POLICY = "requiredFieldsPolicy";

function policyProblems(policy: unknown, current: PartnerSettings | null): readonly Problem[] {
  if (!isPolicy(policy)) return [];
  if (Object.hasOwn(BUILT_IN_POLICIES, policy.name)) {
    return [
      problem(`${POLICY}.name`, "reserved", `The ${POLICY}.name field must not be the name of a built-in policy`),
    ];
  }
  const before = current?.requiredFieldsPolicy;
  if (!isPolicy(before) || before.name !== policy.name || policy.version > before.version) return [];
  if (policy.version === before.version && sameFields(policy, before)) return [];
  const message = `The ${POLICY}.version field must be above ${before.version}, the version that is in use`;
  return [problem(`${POLICY}.version`, "out_of_range", message)];
}

function sameFields(one: RequiredFieldsPolicy, other: RequiredFieldsPolicy): boolean {
  return one.fields.length === other.fields.length && one.fields.every((path) => other.fields.includes(path));
}

function isPolicy(value: unknown): value is RequiredFieldsPolicy {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["version"] === "number";
}

function problem(path: string, code: string, message: string): Problem {
  return { path, code, message };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
