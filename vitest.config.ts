import { defineConfig } from "vitest/config";

interface ProjectOptions {
  /** Files without surroundings may share a process and what it has loaded: that is most of their time. */
  readonly isIsolated: boolean;
  /** Projects run one after another in this order; files within one run side by side in `workers` processes. */
  readonly order: number;
  readonly workers: number;
  readonly timeoutMs: number;
  readonly needsStack: boolean;
}

/** The suffix of a test file says what it needs: `npm run test:unit` needs nothing, the others the local stack. */
const project = (suffix: string, { order, workers, timeoutMs, needsStack, isIsolated }: ProjectOptions) => ({
  test: {
    name: suffix,
    include: [`test/**/*.${suffix}.test.ts`],
    pool: isIsolated ? ("forks" as const) : ("threads" as const),
    isolate: isIsolated,
    maxWorkers: workers,
    sequence: { groupOrder: order },
    retry: 0,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    // A second, the default, is what a busy machine may stand still for.
    expect: { poll: { timeout: 10_000 } },
    // kafkajs asks for a timeout below zero once per connection; it is harmless and not ours to mend.
    execArgv: ["--disable-warning=TimeoutNegativeWarning"],
    setupFiles: ["test/support/no-leaks.ts"],
    ...(needsStack ? { globalSetup: ["test/support/test-stack.ts"] } : {}),
  },
});

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/reporter.ts"],
    teardownTimeout: 30_000,
    projects: [
      project("unit", { isIsolated: false, order: 0, workers: 2, timeoutMs: 10_000, needsStack: false }),
      project("int", { isIsolated: true, order: 1, workers: 2, timeoutMs: 30_000, needsStack: true }),
      project("sys", { isIsolated: true, order: 2, workers: 2, timeoutMs: 120_000, needsStack: true }),
      project("fault", { isIsolated: true, order: 3, workers: 1, timeoutMs: 120_000, needsStack: true }),
    ],
  },
});
