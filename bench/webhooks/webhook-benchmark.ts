import type { BarFigure } from "./figures.ts";
import type { Services } from "./own-stack.ts";

/** What a benchmark is given. */
export interface BenchContext {
  readonly services: Services;
  /** Tells whoever waits what is going on. */
  readonly say: (sentence: string) => void;
  /** How long stores stay away in `webhooks/stores-away`, in minutes. */
  readonly minutes: number;
  /** How often each process is killed in `webhooks/kills`. */
  readonly kills: number;
}

/** What a benchmark found: the bars it is about, and what was measured on the way, for the result file. */
export interface BenchFindings {
  readonly bars: readonly BarFigure[];
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One benchmark of the delivery engine. */
export interface WebhookBenchmark {
  /** Behind `webhooks/`. */
  readonly name: string;
  readonly sentence: string;
  readonly run: (context: BenchContext) => Promise<BenchFindings>;
}
