import { readFile } from "node:fs/promises";
import { wrongUse } from "./command-failed.ts";

/** The JSON of a flag: as it stands, or of the file behind an `@`. Undefined stays undefined. @throws wrong use. */
export async function givenJson(flag: string, text: string | undefined): Promise<unknown> {
  if (text === undefined) return undefined;
  const read = () => readFile(text.slice(1), "utf8");
  const json = text.startsWith("@") ? await read().catch(() => refuse(flag, "names a file that cannot be read")) : text;
  try {
    return JSON.parse(json);
  } catch {
    return refuse(flag, "is not JSON");
  }
}

/** The whole number of a flag; undefined stays undefined. @throws wrong use. */
export function givenInteger(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw wrongUse(`--${flag} must be a whole number`);
  return Number(text);
}

function refuse(flag: string, problem: string): never {
  throw wrongUse(`--${flag} ${problem}`, "Give JSON, or @ and the name of a file with JSON");
}
