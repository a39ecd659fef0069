import type { StackProcess } from "../stack/stack-contract.ts";
import type { Demo } from "./stack-files.ts";

/** What the summary tells. */
export interface Summary {
  readonly dir: string;
  readonly demo: Demo;
  readonly consumersPort: number;
  /** In the order in which they are listed. */
  readonly processes: readonly StackProcess[];
}

/** What is printed when everything is up: what runs where, the key, the first call, what to do next, how to stop. */
export function summaryText({ dir, demo, consumersPort, processes }: Summary): string {
  return `
What runs where
${table(processes)}

Gateway   ${demo.gatewayUrl}  (health: /health/ready, metrics: /metrics)
Metrics   http://127.0.0.1:${consumersPort}/metrics  (consumers)
Demo key  ${demo.apiKey}  (partner acme, environment test)
All keys and addresses, for scripts: ${dir}/demo.json

The first link:
  ${firstLink(demo)}

The whole journey, with webhooks:  npm run demo
Stop:  Ctrl-C here, or "npm run stack:stop" in another terminal; the data stays ("npm run stack:reset" deletes it).
`;
}

function table(processes: readonly StackProcess[]): string {
  const rows = processes.map(({ name, port, pid, log }) => [
    name,
    `port ${port}`,
    pid === undefined ? "container" : `pid ${pid}`,
    log,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`).join("\n");
}

function firstLink({ gatewayUrl, apiKey }: Demo): string {
  const body = { referenceId: "customer-0001", userData: { name: { firstName: "Ana", lastName: "Torres" } } };
  return [
    `curl -s ${gatewayUrl}/partner/links`,
    `-H 'X-API-Key: ${apiKey}'`,
    "-H 'Content-Type: application/json'",
    `-d '${JSON.stringify(body)}'`,
  ].join(" \\\n    ");
}
