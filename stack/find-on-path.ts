import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The first executable file of that name in a PATH, as an absolute path; undefined when there is none. */
export async function findOnPath(program: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter).filter((one) => one !== "")) {
    const file = join(folder, program);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

/** True for a file (not a folder) that the current user may execute. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Absent, not executable or in a folder that may not be entered: all mean "not this one".
    return false;
  }
}
