import { Visitor } from "oxc-parser";
import { type Check, folderOf, type Violation, violation } from "./source-file.ts";

/** The file that reads the machine's clock. */
const CLOCK = "runtime/clock.ts";
const FREE_FOLDERS = ["test", "scripts", "stack", "bench", "conformance"];

/** The present moment comes from the clock that was handed in, so that a test can set it. */
export const checkClock: Check = (file) => {
  if (file.path === CLOCK || FREE_FOLDERS.includes(folderOf(file.path)) || !file.path.endsWith(".ts")) return [];
  const violations: Violation[] = [];
  const refuse = (start: number) => violations.push(violation(file, start, `the time is read in ${CLOCK} only`));
  new Visitor({
    MemberExpression: ({ object, property, start }) => {
      const isNow = object.type === "Identifier" && object.name === "Date" && "name" in property;
      if (isNow && property.name === "now") refuse(start);
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0) refuse(start);
    },
  }).visit(file.parsed.program);
  return violations;
};
