import { Visitor } from "oxc-parser";
import { type Check, folderOf, type Violation, violation } from "./source-file.ts";

/** Words that say nothing in any name. */
const EMPTY_WORDS = /^(util|helper|common|manager|handler)s?$/;
/** Words that say nothing when they are the whole name; "data request" is a word of the product. */
const EMPTY_ALONE = /^(services?|data|infos?|types?|misc|index)$/;
const TEST_SUFFIX = /\.(unit|int|sys|fault)\.test\.ts$/;

/** Names of files, folders and functions say what they are for; a test file says what it needs. */
export const checkNames: Check = (file) => {
  const violations: Violation[] = [];
  for (const part of file.path.split("/")) {
    const stem = part.replace(/\..*$/, "");
    // A test is named after what it tests, and "types" may be just that.
    if (isEmpty(stem, stem.split("-")) && !part.endsWith(".test.ts"))
      violations.push(violation(file, 0, `"${part}" says nothing`));
  }
  if (file.path.endsWith(".test.ts") && !TEST_SUFFIX.test(file.path)) {
    violations.push(violation(file, 0, "a test file ends in .unit, .int, .sys or .fault.test.ts"));
  }
  if (file.path.endsWith(".test.ts") && folderOf(file.path) !== "test") {
    violations.push(violation(file, 0, "tests live in test/"));
  }
  new Visitor({
    FunctionDeclaration: ({ id, start }) => {
      const words = id?.name.split(/(?=[A-Z])/).map((word) => word.toLowerCase()) ?? [];
      if (id && isEmpty(id.name, words)) violations.push(violation(file, start, `"${id.name}" says nothing`));
    },
  }).visit(file.parsed.program);
  return violations;
};

function isEmpty(name: string, words: readonly string[]): boolean {
  return EMPTY_ALONE.test(name) || words.some((word) => EMPTY_WORDS.test(word));
}
