import type { ErrorObject } from "ajv";
import type { Problem } from "../domain/refusals.ts";
import { withoutNoise } from "./problem-noise.ts";
import { wordingOf } from "./problem-wording.ts";

/**
 * Ajv's errors as problems that a person can act on: the dotted path of the field, a code, and a sentence that names the
 * field and the way out. Never shows a value. One problem per path and code; what ajv says of the branches of a union
 * that were not meant is left out. The errors must come from an ajv with `verbose`. `root` is put before every path, for
 * a value that is part of a body.
 */
export function problemsOf(errors: readonly ErrorObject[], root = ""): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of withoutNoise(errors)) {
    const path = [root, dotted(error)].filter((part) => part !== "").join(".");
    const { code, rest } = wordingOf(error);
    const key = JSON.stringify([path, code]);
    if (!problems.has(key)) problems.set(key, { path, code, message: `${subject(path)} ${rest}` });
  }
  return [...problems.values()];
}

/** `/userData/name` becomes `userData.name`, `/events/0` becomes `events[0]`; a property that lacks is named itself. */
function dotted({ instancePath, params }: ErrorObject): string {
  const own: unknown = params["missingProperty"] ?? params["additionalProperty"];
  const keys = instancePath.split("/").slice(1).map(unescaped);
  if (typeof own === "string") keys.push(own);
  return keys.reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`), "");
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function subject(path: string): string {
  return path === "" ? "The body" : `The ${path} field`;
}
