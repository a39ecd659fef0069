import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { indexProblems, readRuleRows, readTestTitles } from "./architecture/rules-index.ts";
import { parseSource, readSourceFiles } from "./architecture/source-file.ts";

const root = resolve(import.meta.dirname, "..");

const INDEX = `
# Rules

| rule | promise | file | test |
| --- | --- | --- | --- |
| A1 | per leaf \\| always | \`domain/a.ts\`, [b.ts](../domain/b.ts) | \`test/a.unit.test.ts\` |
| S13 | the journey | domain/a.ts | test/a.unit.test.ts |
`;

const TESTS = `
describe("A1 leaves", () => {
  test("one", f);
  test.each([1, 2])("S13 the %s journey", f);
  test.each\`a\`(\`no rule\`, f);
});
expect("W1 is no title");
`;

/** The problems of an index and a test file, in a project where only these files exist. */
function problemsOf(index: string, tests: string): string[] {
  const titles = readTestTitles(parseSource("test/a.unit.test.ts", tests));
  const present = ["domain/a.ts", "b.ts", "test/a.unit.test.ts", "test/b.unit.test.ts"];
  return indexProblems(readRuleRows(index), titles, (path) => present.includes(path));
}

describe("the index of rules", () => {
  test("rows and titles are read as they are written", () => {
    expect(readRuleRows(INDEX)).toEqual([
      { id: "A1", files: ["domain/a.ts", "b.ts"], tests: ["test/a.unit.test.ts"] },
      { id: "S13", files: ["domain/a.ts"], tests: ["test/a.unit.test.ts"] },
    ]);
    const titles = readTestTitles(parseSource("test/a.unit.test.ts", TESTS));
    expect(titles.map(({ ids }) => ids.join())).toEqual(["A1", "", "S13", ""]);
    const [several] = readTestTitles(parseSource("test/a.unit.test.ts", 'test("C2, C3 D1: at once A9", f)'));
    expect(several?.ids).toEqual(["C2", "C3", "D1"]);
  });

  test("an index that agrees has no problems", () => {
    expect(problemsOf(INDEX, TESTS)).toEqual([]);
  });

  test.each([
    [
      "a file that does not exist",
      INDEX.replace("domain/a.ts |", "domain/z.ts |"),
      TESTS,
      "S13 names domain/z.ts, which does not exist",
    ],
    ["a row without a file", INDEX.replace("| domain/a.ts |", "| |"), TESTS, "S13 names no file"],
    ["a row that stands twice", `${INDEX}| A1 | again | domain/a.ts | |\n`, TESTS, "A1 has two rows"],
    [
      "a row without a test",
      `${INDEX}| D4 | not asked | domain/a.ts | |\n`,
      TESTS,
      "D4 has no test whose title starts with it",
    ],
    [
      "a test file that does not show the rule",
      INDEX.replace("domain/a.ts | test/a", "domain/a.ts | test/b"),
      TESTS,
      "S13 is in no title of test/b.unit.test.ts",
    ],
    [
      "a title without a row",
      INDEX,
      `${TESTS}test("W7 lanes", f);`,
      'test/a.unit.test.ts: "W7 lanes" names W7, which has no row',
    ],
  ])("%s is told", (_, index, tests, problem) => {
    expect(problemsOf(index, tests)).toEqual([problem]);
  });

  test("docs/rules.md, the files and the tests agree", async () => {
    const sources = await readSourceFiles(root);
    const titles = sources.filter(({ path }) => path.endsWith(".test.ts")).flatMap(readTestTitles);
    const rows = readRuleRows(await readFile(resolve(root, "docs/rules.md"), "utf8"));
    expect(indexProblems(rows, titles, (path) => existsSync(resolve(root, path)))).toEqual([]);
  });
});
