import { resolve } from "node:path";
import { renderCapacity } from "../bench/capacity.ts";
import { renderReadme } from "../bench/pages.ts";
import { renderAsyncapi } from "./print-asyncapi.ts";
import { renderCli } from "./print-cli.ts";
import { renderConfiguration } from "./print-configuration.ts";
import { type PrintedDocument, staleDocuments, writeDocuments } from "./print-documents.ts";
import { renderErrors } from "./print-errors.ts";
import { renderMetrics } from "./print-metrics.ts";
import { renderOpenapi } from "./print-openapi.ts";
import { renderSchemaTypes } from "./print-schema-types.ts";
import { renderStates } from "./print-states.ts";
import { renderTopics } from "./print-topics.ts";
import { renderWebhooks } from "./print-webhooks.ts";

const root = resolve(import.meta.dirname, "..");

/** Every file that is printed from code. `npm run print` writes them, `npm run check` says which are not up to date. */
const DOCUMENTS: readonly PrintedDocument[] = [
  { file: "bench/README.md", render: renderReadme },
  { file: "docs/asyncapi.json", render: renderAsyncapi },
  { file: "docs/capacity.md", render: renderCapacity },
  { file: "docs/cli.md", render: renderCli },
  { file: "docs/configuration.md", render: renderConfiguration },
  { file: "docs/errors.md", render: renderErrors },
  { file: "docs/metrics.md", render: renderMetrics },
  { file: "docs/openapi.json", render: () => renderOpenapi() },
  { file: "docs/states.md", render: renderStates },
  { file: "docs/topics.md", render: renderTopics },
  { file: "docs/webhooks.md", render: () => renderWebhooks(resolve(root, "docs")) },
  { file: "schemas/generated.ts", render: () => renderSchemaTypes(resolve(root, "schemas")) },
];

if (process.argv.includes("--check")) {
  const stale = await staleDocuments(root, DOCUMENTS);
  for (const { file } of stale) console.error(`${file} is not what the code says: run \`npm run print\``);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  const written = await writeDocuments(root, DOCUMENTS);
  console.log(written.length === 0 ? "Everything printed is up to date." : `Printed ${written.join(", ")}`);
}
