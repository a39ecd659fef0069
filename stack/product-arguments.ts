/**
 * How Node is started for the product's processes, by `npm start` and by the benchmarks alike. Without limits Node lets
 * garbage gather until a process has twice the memory (docs/operations.md). What is young has more room in consumers: a batch
 * lives longer than a request. And kafkajs 2.2.4 sets a timer in the past when it starts, which Node 24 remarks upon in the log.
 */
export function productArguments(script: string): readonly string[] {
  const youngMegabytes = script.startsWith("consumers/") ? 32 : 16;
  return [
    "--max-old-space-size=256",
    `--max-semi-space-size=${youngMegabytes}`,
    "--disable-warning=TimeoutNegativeWarning",
  ];
}
