import { readlink, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { serviceFolder } from "./folders.ts";
import { SHARED_FOLDER } from "./postgres-home.ts";
import { StackError } from "./stack-error.ts";

/** Deletes everything a stopped stack has in its folder, and what it had to keep elsewhere. Refuses with a StackError. */
export async function removeData(dir: string): Promise<void> {
  try {
    const elsewhere = await readlink(serviceFolder(dir, "postgres")).catch(() => undefined);
    if (elsewhere !== undefined && dirname(elsewhere) === SHARED_FOLDER)
      await rm(elsewhere, { recursive: true, force: true });
    await rm(dir, { recursive: true, force: true });
  } catch (error) {
    throw new StackError(`The data in ${dir} cannot be deleted: ${String(error)}.`, { cause: error });
  }
}
