import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Finding, lint } from "./architecture/linter.ts";

const root = resolve(import.meta.dirname, "..");
const lines = (count: number) => "  x += 1;\n".repeat(count);
const constants = (count: number) => Array.from({ length: count }, (_, i) => `export const a${i} = 1;\n`).join("");
const longFunction = (count: number) =>
  `export function f(start: number) {\n  let x = start;\n${lines(count)}  return x;\n}\n`;
const nested = (ifs: number) =>
  `export function f(x: number) {\n${"  if (x) {\n".repeat(ifs)}  return x;\n${"  }\n".repeat(ifs)}  return 0;\n}\n`;

/** What the linter must say of a planted file; nothing when the file is as it should be. */
const PLANTED: Readonly<Record<string, { readonly text: string; readonly rules: readonly string[] }>> = {
  "gateway/long-file.ts": { text: constants(301), rules: ["noExcessiveLinesPerFile"] },
  "gateway/remarks.ts": {
    text: `${"// a remark\n".repeat(300)}export const a = 1;\n`,
    rules: ["noExcessiveLinesPerFile"],
  },
  "gateway/fitting-file.ts": { text: `${"// a remark\n".repeat(299)}export const a = 1;\n`, rules: [] },
  "gateway/long-function.ts": { text: longFunction(61), rules: ["noExcessiveLinesPerFunction"] },
  "gateway/fitting-function.ts": { text: longFunction(50), rules: [] },
  "test/long-body.unit.test.ts": { text: longFunction(100), rules: [] },
  "gateway/many-parameters.ts": {
    text: "export const f = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];\n",
    rules: ["useMaxParams"],
  },
  "gateway/deep.ts": { text: nested(4), rules: ["noExcessiveNestedBlocks"] },
  "gateway/deep-enough.ts": { text: nested(3), rules: [] },
  "gateway/any.ts": { text: "export const f = (a: any) => a;\n", rules: ["noExplicitAny"] },
  "gateway/non-null.ts": { text: "export const f = (a?: string) => a!.length;\n", rules: ["noNonNullAssertion"] },
  "test/non-null.ts": { text: "export const f = (a?: string) => a!.length;\n", rules: [] },
  "gateway/environment.ts": { text: "export const a = process.env.PATH;\n", rules: ["noProcessEnv"] },
  "cli/environment.ts": { text: "export const a = process.env.PATH;\n", rules: ["noProcessEnv"] },
  "runtime/config.ts": { text: "export const a = process.env.PATH;\n", rules: [] },
  "stack/environment.ts": { text: "export const a = process.env.PATH;\n", rules: [] },
  "gateway/type-import.ts": {
    text: 'import { Config } from "../runtime/config.ts";\nexport const f = (a: Config) => a;\n',
    rules: ["useImportType"],
  },
  "gateway/extension.ts": {
    text: 'import { a } from "../runtime/config";\nexport const b = a;\n',
    rules: ["useImportExtensions"],
  },
  "gateway/barrel.ts": { text: 'export * from "../runtime/config.ts";\n', rules: ["noBarrelFile", "noReExportAll"] },
  "gateway/console.ts": { text: "console.log(1);\n", rules: ["noConsole"] },
  "gateway/floating.ts": {
    text: "async function g(): Promise<number> {\n  return 1;\n}\nexport function f() {\n  g();\n}\n",
    rules: ["noFloatingPromises"],
  },
  "gateway/enumeration.ts": { text: "export enum Colour {\n  red,\n}\n", rules: ["noEnum"] },
  "gateway/camelCase.ts": { text: "export const a = 1;\n", rules: ["useFilenamingConvention"] },
};

let folder: string;
let findings: readonly Finding[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lint-"));
  for (const file of ["biome.json", "package.json"]) await cp(join(root, file), join(folder, file));
  for (const [path, { text }] of Object.entries(PLANTED)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  findings = await lint(folder, ["--vcs-enabled=false"]);
});

afterAll(() => rm(folder, { recursive: true }));

test.each(Object.entries(PLANTED))("the linter judges %s", (path, { rules }) => {
  expect(
    findings
      .filter((finding) => finding.path === path)
      .map(({ rule }) => rule)
      .sort(),
  ).toEqual([...rules].sort());
});

/** The linter is a process of its own and takes seconds; on a busy machine, many. */
const WHOLE_PROJECT_MS = 60_000;

test(
  "the linter finds nothing in the whole project",
  async () => {
    expect((await lint(root)).map(({ path, line, rule }) => `${path}:${line} ${rule}`)).toEqual([]);
  },
  WHOLE_PROJECT_MS,
);
