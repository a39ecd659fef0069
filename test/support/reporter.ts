import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";

/** What a run came to. Modules that could not be loaded and errors outside of tests count as failed. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The one line that says how a run ended: `N passed, N failed`, and the skipped ones if there are any. */
export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Counts the tests of a run. */
export function tally(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Tally {
  const count: Tally = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    count.failed += module.errors().length;
    for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that is still pending when the run ends did not get its turn: the run was cut off.
      if (state === "passed" || state === "skipped") count[state] += 1;
      else count.failed += 1;
    }
  }
  return count;
}

/**
 * Prints the tally as the very last line, after all that is printed while the stack of the tests is taken down.
 * A run that never got to its end prints one failure.
 */
export default class LastLineReporter implements Reporter {
  private line = tallyLine({ passed: 0, failed: 1, skipped: 0 });

  onInit(): void {
    process.once("exit", () => process.stdout.write(`${this.line}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const count = tally(modules, errors);
    // What came up badly, or was cut off, has no test to blame.
    if (reason !== "passed") count.failed ||= 1;
    this.line = tallyLine(count);
  }
}
