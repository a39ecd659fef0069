import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { thisMachine } from "./machine.ts";
import { CLOSED, makeUsers, type Subject, startOurs, startSynchronous, withSubjects } from "./measures/subjects.ts";
import { alternate } from "./rounds.ts";
import { ratios } from "./statistics.ts";
import { median, rounded } from "./webhooks/figures.ts";
import { startServices } from "./webhooks/own-stack.ts";

const USAGE = `npm run bench:check [-- --record]

A short run (at most 3 minutes) that compares ratios, not times, with those of bench/recorded-ratios.json, and fails when one
is worse by more than the tolerance that is recorded with it. --record writes what this run has found; do that on purpose and
on a quiet machine. Ratios to the synchronous baselines vary less between machines than rates, but they do vary: record
again when the machine changes.`;

/** What is recorded. Every ratio is better when it is higher. */
interface Recorded {
  readonly tolerance: number;
  readonly machine: string;
  readonly ratios: Readonly<Record<string, number>>;
}

const FILE = join(import.meta.dirname, "recorded-ratios.json");
const TOLERANCE = 0.3;
const ROUNDS = 3;
const USERS = 1_000;

const { values } = parseArgs({
  options: { record: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const found = await measure();
if (values.record) {
  const recorded: Recorded = { tolerance: TOLERANCE, machine: thisMachine().processors, ratios: found };
  await writeFile(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`recorded ${JSON.stringify(found)}`);
  process.exit(0);
}
process.exit(compare(JSON.parse(await readFile(FILE, "utf8")), found) ? 0 : 1);

/** New links, second links and refused creates against the same of (b), which is the steadiest of the baselines. */
async function measure(): Promise<Readonly<Record<string, number>>> {
  const services = await startServices();
  try {
    const starts = [() => startOurs(services), () => startSynchronous(services, "pg")];
    return await withSubjects(starts, async (ours, pg) => {
      if (ours === undefined || pg === undefined) throw new Error("two subjects are needed");
      for (const subject of [ours, pg]) await makeUsers(subject, "known", USERS);
      const found: Record<string, number> = {};
      for (const kind of ["new-links", "second-links", "refused-creates"] as const) {
        const rate = (subject: Subject) => async (round: number) => {
          const prefix = kind === "new-links" ? `checked${round}` : "known";
          const timed = { pace: CLOSED, connections: 128, warmUpMs: 1_000, measureMs: 4_000 };
          return (await subject.load({ ...timed, workload: { kind, prefix, users: USERS } })).perSecond;
        };
        const samples = await alternate(ROUNDS, { ours: rate(ours), pg: rate(pg) });
        found[`${kind} ÷ (b)`] = rounded(median(ratios(samples.ours, samples.pg)));
      }
      return found;
    });
  } finally {
    await services.stop();
  }
}

/** Prints each ratio beside the recorded one; false when one is worse than tolerated. */
function compare({ tolerance, ratios: recorded, machine }: Recorded, now: Readonly<Record<string, number>>): boolean {
  console.log(`recorded on ${machine}; tolerated: ${tolerance * 100} % worse`);
  const worse = Object.entries(recorded).filter(([name, ratio]) => {
    const isWorse = !((now[name] ?? 0) >= ratio * (1 - tolerance));
    console.log(`${name.padEnd(22)} ${now[name] ?? "missing"} (recorded ${ratio}) ${isWorse ? "WORSE" : "ok"}`);
    return isWorse;
  });
  return worse.length === 0;
}
