import { startSpeaking } from "../webhooks/child.ts";
import type { LoadPlan, LoadReport } from "./load-plan.ts";

/** An answer that the workload does not allow: the figures of such a run mean nothing. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
}

/**
 * Runs a load generator in a process of its own and gives its report. Refuses a report with an answer that nobody
 * expected.
 */
export async function generateLoad(plan: LoadPlan): Promise<LoadReport> {
  const report = await generateAnyLoad(plan);
  if (report.surprise !== null) throw new UnexpectedAnswer(`${plan.workload.kind}: ${report.surprise}`);
  if (report.answered === 0) throw new UnexpectedAnswer(`${plan.workload.kind}: nothing was answered`);
  return report;
}

/** The same, and takes any answer: for load that goes on while processes are killed. */
export async function generateAnyLoad(plan: LoadPlan): Promise<LoadReport> {
  return (await startSpeaking("bench/load/generator.ts", JSON.stringify(plan)).next()) as LoadReport;
}
