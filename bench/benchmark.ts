import type { Services } from "./webhooks/own-stack.ts";

/** What a figure has to be. Printed beside the figure; whether it is met is worked out, never written by hand. */
export interface Target {
  readonly must: "at least" | "at most";
  readonly limit: number;
  /** What would be better still. */
  readonly stretch?: number;
}

/** One figure of a benchmark: the middle of its rounds, and the rounds. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  /** One value a round; a single one where there are no rounds. */
  readonly values: readonly number[];
  /** Null for what is told without a promise. */
  readonly target: Target | null;
}

/** What a benchmark found. */
export interface Findings {
  readonly figures: readonly Figure[];
  /** All that was measured on the way, for the result file. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface BenchContext {
  readonly services: Services;
  /** Rounds of every subject; they alternate. */
  readonly rounds: number;
  /** What lengths of time are multiplied with: 1, and less for a quick look. */
  readonly scale: number;
  /** Tells whoever waits what is going on. */
  readonly say: (sentence: string) => void;
  /** Which benchmark of a group's own options; see bench/webhooks/README.md. */
  readonly minutes: number;
  readonly kills: number;
}

/** A benchmark as `npm run bench -- NAME` runs it. */
export interface Benchmark {
  /** `group/name`, or a name alone. */
  readonly name: string;
  readonly sentence: string;
  /** Left out when everything runs: another command shows the same. */
  readonly isOnlyByName?: boolean;
  readonly run: (context: BenchContext) => Promise<Findings>;
}
