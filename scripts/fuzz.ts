import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";

/**
 * `npm run fuzz -- --seed N --runs M`: makes M requests out of the OpenAPI document against a whole system, as
 * test/fuzz does with few of them. Exit code 0, or 1 with the smallest request that was answered wrongly.
 */
const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, runs: { type: "string", default: "5000" } },
});
const FUZZ_SEED = wholeNumber("--seed", values.seed);
const FUZZ_RUNS = wholeNumber("--runs", values.runs);
const root = join(import.meta.dirname, "..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const child = spawn(process.execPath, [vitest, "run", "--project", "sys", "test/fuzz"], {
  cwd: root,
  env: { ...process.env, FUZZ_SEED, FUZZ_RUNS },
  stdio: "inherit",
});
const [code] = await once(child, "exit");
process.exitCode = code === 0 ? 0 : 1;

function wholeNumber(name: string, text: string): string {
  if (/^\d{1,9}$/.test(text)) return text;
  console.error(`${name} must be a whole number, not "${text}"`);
  process.exit(2);
}
