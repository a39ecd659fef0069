import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** A file that is printed from code. */
export interface PrintedDocument {
  /** Below the folder of the project. */
  readonly file: string;
  readonly render: () => string | Promise<string>;
}

/** Writes the documents that are not up to date; gives back their names. */
export async function writeDocuments(root: string, documents: readonly PrintedDocument[]): Promise<string[]> {
  const stale = await staleDocuments(root, documents);
  for (const { file, text } of stale) {
    await mkdir(dirname(resolve(root, file)), { recursive: true });
    await writeFile(resolve(root, file), text);
  }
  return stale.map(({ file }) => file);
}

/** The documents whose file is missing or says something else than the code, with what it should say. */
export async function staleDocuments(root: string, documents: readonly PrintedDocument[]) {
  const rendered = await Promise.all(
    documents.map(async ({ file, render }) => ({ file, text: await render(), present: await read(root, file) })),
  );
  return rendered.filter(({ text, present }) => text !== present);
}

async function read(root: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(resolve(root, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
