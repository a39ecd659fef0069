/**
 * How Node is started for the product's processes, by `npm start` and by the benchmarks alike. Without limits Node lets
 * garbage gather until a process has twice the memory (docs/operations.md). And kafkajs 2.2.4 sets a timer in the past
 * when it starts, which Node 24 remarks upon in the log.
 */
export const PRODUCT_ARGUMENTS: readonly string[] = [
  "--max-old-space-size=256",
  "--max-semi-space-size=32",
  "--disable-warning=TimeoutNegativeWarning",
];
