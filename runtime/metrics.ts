import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { METRICS, type Metric, SECONDS } from "./metric-table.ts";

type LabelsOf<M extends Metric> = M["labels"][number];
type InstrumentOf<M extends Metric> = M extends { type: "counter" }
  ? Counter<LabelsOf<M>>
  : M extends { type: "gauge" }
    ? Gauge<LabelsOf<M>>
    : Histogram<LabelsOf<M>>;
type Instruments = { readonly [Key in keyof typeof METRICS]: InstrumentOf<(typeof METRICS)[Key]> };

/** Fills gauges right before they are read, e.g. from a count in Postgres. */
export interface Reading {
  readonly name: string;
  readonly gauges: readonly Pick<Gauge, "reset" | "remove">[];
  readonly read: () => Promise<void>;
}

export interface Metrics extends Instruments {
  readonly registry: Registry;
  readonly beforeScrape: (reading: Reading) => void;
  /** The answer to GET /metrics in the text format of Prometheus. A failing reading is counted, never fatal. */
  readonly text: () => Promise<string>;
}

/**
 * The instruments of one process, in a registry of its own; every sample carries the label `component`.
 * `watchProcess` adds the process's own metrics (memory, CPU, event loop): once per process, so tests leave it out.
 */
export function createMetrics(component: string, { watchProcess = false } = {}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ component });
  if (watchProcess) collectDefaultMetrics({ register: registry });
  const readings: Reading[] = [];
  const instruments = Object.fromEntries(
    Object.entries(METRICS).map(([key, metric]) => [key, createInstrument(metric, registry)]),
  ) as Instruments;
  return {
    ...instruments,
    registry,
    beforeScrape: (reading) => readings.push(reading),
    text: async () => {
      await Promise.all(readings.map((reading) => refresh(reading, instruments.scrapeFailures)));
      return registry.metrics();
    },
  };
}

function createInstrument(metric: Metric, registry: Registry): Counter | Gauge | Histogram {
  const { name, sentence: help, labels } = metric;
  const settings = { name, help, labelNames: [...labels], registers: [registry] };
  switch (metric.type) {
    case "counter":
      return new Counter(settings);
    case "gauge":
      return new Gauge(settings);
    case "histogram":
      return new Histogram({ ...settings, buckets: [...(metric.buckets ?? SECONDS)] });
    default:
      return metric.type satisfies never;
  }
}

/** What cannot be read is left out rather than shown as it was, or as the 0 that a reset leaves. */
async function refresh({ name, gauges, read }: Reading, failures: Instruments["scrapeFailures"]): Promise<void> {
  for (const gauge of gauges) gauge.reset();
  try {
    await read();
  } catch {
    for (const gauge of gauges) gauge.remove({});
    failures.inc({ reading: name });
  }
}
