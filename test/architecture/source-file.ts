import { readdir, readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { type ParseResult, parseSync } from "oxc-parser";

/** A TypeScript file, read and parsed; `path` is relative to the project, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly parsed: ParseResult;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

/** Looks at one file and says what is wrong with it. */
export type Check = (file: SourceFile) => readonly Violation[];

const FOLDERS = [
  "bench",
  "cli",
  "conformance",
  "consumers",
  "domain",
  "gateway",
  "messaging",
  "runtime",
  "schemas",
  "scripts",
  "stack",
  "storage",
  "test",
  "widget",
];
/** Printed from something else, which is what the checks look at. */
const PRINTED = ["schemas/generated.ts"];

/** Parses a text as if it were the file of that name. Throws when it is not TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  return { path, text, parsed };
}

/** Every TypeScript file of the project that a person writes. */
export async function readSourceFiles(root: string): Promise<SourceFile[]> {
  const paths = (await Promise.all(FOLDERS.map((folder) => typescriptFiles(root, folder)))).flat().sort();
  return Promise.all(
    paths
      .filter((path) => !PRINTED.includes(path))
      .map(async (path) => parseSource(path, await readFile(resolve(root, path), "utf8"))),
  );
}

/** A violation at an offset of the text. */
export function violation(file: SourceFile, offset: number, problem: string): Violation {
  return { path: file.path, line: file.text.slice(0, offset).split("\n").length, problem };
}

/** The top folder a file lies in: "gateway" for gateway/routes/links.ts. */
export function folderOf(path: string): string {
  return path.split("/", 1)[0] ?? "";
}

async function typescriptFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(resolve(root, folder), { recursive: true, withFileTypes: true }).catch(orNothing);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, resolve(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

/** Not every folder is there from the first day. */
function orNothing(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}
