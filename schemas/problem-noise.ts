import type { ErrorObject } from "ajv";

/** What `null, empty or blank` looks like in a schema: the branch of a union that means "not provided". */
const BLANK = "^\\s*$";

/** Keywords that only say that something inside them failed; what failed has an error of its own. */
const ENCLOSING = new Set(["if", "oneOf", "discriminator"]);

/**
 * The errors that tell something. For a union ajv reports every branch that did not fit; of those only the ones stay
 * that say more than "you did not mean this branch".
 */
export function withoutNoise(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let telling = [...errors];
  for (const union of errors.filter(({ keyword }) => keyword === "anyOf")) {
    telling = isChoiceOfNames(union) ? withoutBranches(telling, union) : mergedUnion(telling, union);
  }
  const inner = telling.filter(({ keyword }) => !ENCLOSING.has(keyword));
  return inner.length > 0 ? inner : telling;
}

/** A union of nothing but `required`: the sentence about the choice says it all. */
export function isChoiceOfNames({ keyword, schema }: ErrorObject): boolean {
  return keyword === "anyOf" && Array.isArray(schema) && schema.every((branch) => Array.isArray(branch?.required));
}

function withoutBranches(errors: readonly ErrorObject[], union: ErrorObject): ErrorObject[] {
  return errors.filter(({ schemaPath }) => !schemaPath.startsWith(`${union.schemaPath}/`));
}

/** A value that fits a branch in kind is told what that branch lacks; one that fits none is told which kinds there are. */
function mergedUnion(errors: readonly ErrorObject[], union: ErrorObject): ErrorObject[] {
  const at = union.instancePath;
  const group = errors.filter((error) => error !== union && isWithin(error.instancePath, at));
  const isMissed = (error: ErrorObject): boolean =>
    error.instancePath === at && (error.keyword === "type" || error.schema === BLANK);
  const dropped = new Set(group.filter(isMissed));
  if (group.length > dropped.size) return errors.filter((error) => error !== union && !dropped.has(error));
  const kinds = new Set(
    group.filter(({ keyword }) => keyword === "type").flatMap(({ params }) => params["type"] as string),
  );
  const merged = { ...union, keyword: "type", params: { type: [...kinds] } };
  return errors.filter((error) => !dropped.has(error)).map((error) => (error === union ? merged : error));
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
