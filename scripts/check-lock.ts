import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { completeLock, type LockFile, missingPackages } from "./check-lock-file.ts";

/** Says which optional packages package-lock.json lacks, which `npm ci` would refuse; `--write` adds them. */
const file = resolve(import.meta.dirname, "../package-lock.json");
const lock = JSON.parse(await readFile(file, "utf8")) as LockFile;
const missing = missingPackages(lock);

if (process.argv.includes("--write")) {
  if (missing.length > 0) await writeFile(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(`Added ${missing.length} packages to package-lock.json`);
} else if (missing.length > 0) {
  const names = missing.map(({ name }) => name).join(", ");
  console.error(`package-lock.json lacks ${names}: run \`node scripts/check-lock.ts --write\`, or npm ci refuses it`);
  process.exitCode = 1;
}
