import type { SimulationReport } from "./simulate.ts";

/** The report as lines for people: what occurred how often, and at its end what was found. */
export function reportLines({ tally, users, historyHash, steps, found }: SimulationReport): readonly string[] {
  return [
    ...section("commands", tally.commands),
    ...section("refusals", tally.refusals),
    ...section("events", tally.events),
    ...section("accidents", tally.accidents),
    `${steps} steps, ${users} users, history ${historyHash}`,
    ...(found === null ? ["no violation"] : violationLines(found)),
  ];
}

function section(name: string, counts: ReadonlyMap<string, number>): readonly string[] {
  const rows = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [`${name}:`, ...rows.map(([what, count]) => `  ${String(count).padStart(9)}  ${what}`)];
}

function violationLines({ seed, step, property, detail, steps }: NonNullable<SimulationReport["found"]>): string[] {
  const told = steps.map(({ nowMs, batch, command }) => {
    const { type, payload, values } = command;
    return `  ${new Date(nowMs).toISOString()} batch ${batch} ${type} ${JSON.stringify(payload)} ${JSON.stringify(values)}`;
  });
  return [
    `VIOLATION of ${property} at seed ${seed}, step ${step}: ${detail}`,
    `shortest history, ${told.length} commands:`,
    ...told,
  ];
}
