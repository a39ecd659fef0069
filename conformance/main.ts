import { parseArgs } from "node:util";
import { type Receiver, startReceiver } from "./receiver.ts";
import { type Result, runConformance } from "./run.ts";

const USAGE = `The partner documentation as requests and expected answers.

  npm run conformance -- --url http://127.0.0.1:58080 --key m2m_test_…

  --url           the server
  --key           an API key of it, with every permission but pii:read
  --other-key     a key of another partner: shows that nothing of the first can be seen with it
  --webhook-port  receive webhooks on this port of 127.0.0.1 (0: any free one); left out: webhooks are not looked at.
                  The server has to reach it and to allow private targets
  --only          only the chapters whose title has this in it
  --json          one JSON object instead of lines

Exit code 0: everything is as documented; 1: it is not; 2: wrong use.
`;

const OPTIONS = {
  url: { type: "string" },
  key: { type: "string" },
  "other-key": { type: "string" },
  "webhook-port": { type: "string" },
  only: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const values = readOptions();

if (values?.help) process.stdout.write(USAGE);
else if (values?.url === undefined || values.key === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const receiver = values["webhook-port"] === undefined ? null : await startReceiver(Number(values["webhook-port"]));
  process.exitCode = await look({ url: values.url, key: values.key, receiver });
}

/** Null after saying what is wrong with the options. */
function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`);
    return null;
  }
}

async function look(given: { url: string; key: string; receiver: Receiver | null }): Promise<number> {
  const settings = { ...given, otherKey: values?.["other-key"] ?? null, only: values?.only ?? null };
  try {
    const results = await runConformance(settings, values?.json ? () => undefined : tell);
    const summary = summaryOf(results);
    if (values?.json) process.stdout.write(`${JSON.stringify({ ...summary, results }, null, 2)}\n`);
    else process.stdout.write(`${summary.met} met, ${summary.deviates} deviate, ${summary.skipped} skipped\n`);
    return summary.deviates === 0 ? 0 : 1;
  } finally {
    await given.receiver?.close();
  }
}

function tell({ chapter, name, outcome, detail }: Result): void {
  const mark = { met: "ok      ", deviates: "DEVIATES", skipped: "skipped " }[outcome];
  process.stdout.write(`${mark}  ${chapter}: ${name}${detail === null ? "" : `\n          ${detail}`}\n`);
}

function summaryOf(results: readonly Result[]): Readonly<Record<Result["outcome"], number>> {
  const count = (outcome: Result["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  return { met: count("met"), deviates: count("deviates"), skipped: count("skipped") };
}
