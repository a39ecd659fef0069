import { access } from "node:fs/promises";

/** True when something of that name is there, whatever it is, and the folders above it may be entered. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
