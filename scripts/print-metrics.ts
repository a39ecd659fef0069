import { METRICS } from "../runtime/metric-table.ts";
import { markdownDocument, markdownTable } from "./print-table.ts";

/** docs/metrics.md: a row per metric. */
export function renderMetrics(): string {
  const rows = Object.values(METRICS).map(({ name, type, labels, sentence }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(" ") || "none",
    sentence,
  ]);
  return markdownDocument("Metrics", "runtime/metrics.ts", [
    "`GET /metrics` of every process, in the text format of Prometheus. Every sample also carries the label `component`. " +
      "The process's own metrics (`process_*`, `nodejs_*`) come with them.",
    markdownTable(["metric", "type", "labels", "what it says"], rows),
  ]);
}
