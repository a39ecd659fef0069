import { Visitor } from "oxc-parser";
import type { SourceFile } from "./source-file.ts";

/** A rule as docs/rules.md has it: where it is kept and where it is shown. */
export interface RuleRow {
  readonly id: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

/** A title of a test or of a group of tests, and the rules it names at its beginning. */
export interface TestTitle {
  readonly path: string;
  readonly title: string;
  readonly ids: readonly string[];
}

const ID = /^[A-JPSW]\d+$/;
const TEST_WORDS = ["test", "it", "describe"];

/** The rows of the tables in docs/rules.md: `| rule | promise | file | test |`, one per rule. */
export function readRuleRows(markdown: string): RuleRow[] {
  return markdown.split("\n").flatMap((line) => {
    const [, id = "", , files = "", tests = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return ID.test(id) ? [{ id, files: pathsIn(files), tests: pathsIn(tests) }] : [];
  });
}

/** The titles in a test file. A title may name several rules: "C2 C3 …". */
export function readTestTitles(file: SourceFile): TestTitle[] {
  const titles: TestTitle[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [first] }) => {
      if (!first || !TEST_WORDS.includes(wordOf(file.text.slice(callee.start, callee.end)))) return;
      const title = titleIn(file.text.slice(first.start, first.end));
      if (title !== undefined) titles.push({ path: file.path, title, ids: leadingIds(title) });
    },
  }).visit(file.parsed.program);
  return titles;
}

/** What is wrong between the index, the files it names and the tests; nothing when all agree. */
export function indexProblems(
  rows: readonly RuleRow[],
  titles: readonly TestTitle[],
  exists: (path: string) => boolean,
): string[] {
  const known = rows.map(({ id }) => id);
  const shown = new Set(titles.flatMap(({ ids }) => ids));
  return [
    ...known.filter((id, index) => known.indexOf(id) !== index).map((id) => `${id} has two rows`),
    ...rows.flatMap(({ id, files }) => (files.length === 0 ? [`${id} names no file`] : [])),
    ...rows.flatMap(({ id, files, tests }) =>
      [...files, ...tests].filter((path) => !exists(path)).map((path) => `${id} names ${path}, which does not exist`),
    ),
    ...rows.flatMap(({ id, tests }) =>
      tests
        .filter((path) => exists(path) && !titles.some((title) => title.path === path && title.ids.includes(id)))
        .map((path) => `${id} is in no title of ${path}`),
    ),
    ...known.filter((id) => !shown.has(id)).map((id) => `${id} has no test whose title starts with it`),
    ...titles.flatMap(({ path, title, ids }) =>
      ids.filter((id) => !known.includes(id)).map((id) => `${path}: "${title}" names ${id}, which has no row`),
    ),
  ];
}

/** Paths are written as code or as links, several with commas between: "`a.ts`, [b.ts](../b.ts)". */
function pathsIn(cell: string): string[] {
  return cell
    .split(/[,;]|<br>/)
    .map((part) =>
      part
        .replace(/^\s*\[([^\]]*)\]\([^)]*\)/, "$1")
        .replaceAll("`", "")
        .trim(),
    )
    .filter((part) => /^[\w./-]+\.\w+$/.test(part));
}

/** "test" for `test`, `test.each(table)` and test.each`table`. */
function wordOf(callee: string): string {
  return /^\w+/.exec(callee)?.[0] ?? "";
}

function titleIn(text: string): string | undefined {
  return /^(["'`])([\s\S]*)\1$/.exec(text)?.[2];
}

function leadingIds(title: string): string[] {
  const words = title.split(" ").map((word) => word.replace(/[,:]$/, ""));
  const end = words.findIndex((word) => !ID.test(word));
  return words.slice(0, end === -1 ? words.length : end);
}
