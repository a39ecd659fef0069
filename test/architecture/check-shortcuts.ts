import { Visitor } from "oxc-parser";
import { type Check, folderOf, type Violation, violation } from "./source-file.ts";

const TOPIC_OWNERS = ["schemas/topics.ts", "runtime/config.ts"];
const TOPIC_STRING = /(^|[^A-Za-z])m2m\./;
/** Not among them: runIf, for what only one platform has. */
const NOT_RUN = ["skip", "only", "todo", "fails"];
const TEST_WORDS = ["test", "it", "describe"];
const LOG_CALL = /^(this\.)?(\w+\.)*(log|logger|console)\.\w+\(/;

/** Topic names stand in one place, so that a prefix reaches them all. */
export const checkTopicStrings: Check = (file) => {
  if (["test", "scripts", "bench"].includes(folderOf(file.path)) || TOPIC_OWNERS.includes(file.path)) return [];
  const violations: Violation[] = [];
  const look = (start: number, text: string) => {
    if (TOPIC_STRING.test(text)) violations.push(violation(file, start, "topic names stand in schemas/topics.ts"));
  };
  new Visitor({
    Literal: ({ value, start }) => {
      if (typeof value === "string") look(start, value);
    },
    TemplateElement: ({ value, start }) => look(start, value.raw),
  }).visit(file.parsed.program);
  return violations;
};

/** An error that is caught is dealt with: not dropped, and not only written down. */
export const checkCatches: Check = (file) => {
  const violations: Violation[] = [];
  new Visitor({
    CatchClause: ({ body, start }) => {
      const statements = body.body.map((statement) => file.text.slice(statement.start, statement.end));
      if (statements.length === 0) violations.push(violation(file, start, "an empty catch"));
      else if (statements.every((text) => LOG_CALL.test(text))) {
        violations.push(violation(file, start, "a catch that only logs"));
      }
    },
  }).visit(file.parsed.program);
  return violations;
};

/** `as unknown as` turns the type checker off. */
export const checkCasts: Check = (file) => {
  const violations: Violation[] = [];
  new Visitor({
    TSAsExpression: ({ expression, start }) => {
      const isDouble = expression.type === "TSAsExpression" && expression.typeAnnotation.type === "TSUnknownKeyword";
      if (isDouble) violations.push(violation(file, start, "as unknown as"));
    },
  }).visit(file.parsed.program);
  return violations;
};

/** Every test runs, always. */
export const checkEveryTestRuns: Check = (file) => {
  if (!file.path.endsWith(".test.ts")) return [];
  const violations: Violation[] = [];
  new Visitor({
    MemberExpression: ({ object, property, start }) => {
      if (object.type !== "Identifier" || !TEST_WORDS.includes(object.name) || !("name" in property)) return;
      if (NOT_RUN.includes(String(property.name))) {
        violations.push(violation(file, start, `${object.name}.${String(property.name)}`));
      }
    },
  }).visit(file.parsed.program);
  return violations;
};
