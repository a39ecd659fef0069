import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tallyLine } from "./reporter.ts";

const VITEST = resolve(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
const CONFIG = resolve(import.meta.dirname, "fixtures/vitest.config.ts");

/** What a vitest of its own prints; it ends with code 1 when something failed. */
async function outputOf(environment: Readonly<Record<string, string>> = {}) {
  return promisify(execFile)(process.execPath, [VITEST, "run", "--config", CONFIG], {
    env: { ...process.env, ...environment, VITEST: undefined, NO_COLOR: "1" },
  }).catch((error: { stdout: string; stderr: string }) => error);
}

test("the line names the skipped tests only when there are any", () => {
  expect(tallyLine({ passed: 12, failed: 0, skipped: 0 })).toBe("12 passed, 0 failed");
  expect(tallyLine({ passed: 1, failed: 2, skipped: 3 })).toBe("1 passed, 2 failed, 3 skipped");
});

test("the last line of a run counts failing tests, broken files and leaked handles, after all that is printed", async () => {
  const { stdout, stderr } = await outputOf();
  expect(stderr).toContain("handles the test file left open: expected [ 'TCPServerWrap' ]");
  expect(stdout.trimEnd().split("\n").slice(-2)).toEqual(["taken down", "2 passed, 3 failed, 1 skipped"]);
}, 30_000);

test("a run that never starts has failed", async () => {
  const { stdout } = await outputOf({ BREAK_SETUP: "true" });
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed");
}, 30_000);
