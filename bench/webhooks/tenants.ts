import { partnerName } from "./events.ts";
import type { BenchStage } from "./stage.ts";

/** Partners with one endpoint each, at `/0`, `/1` …: an event of one goes to its endpoint alone. */
export async function addTenants(stage: BenchStage, count: number): Promise<readonly string[]> {
  const paths = Array.from({ length: count }, (_, index) => `/${index}`);
  for (const [index, path] of paths.entries()) {
    await stage.addPartner(partnerName(index));
    await stage.addEndpoint(partnerName(index), { path });
  }
  return paths;
}

/** One partner with so many endpoints: each of its events goes to all of them. */
export async function addFanOut(stage: BenchStage, count: number): Promise<readonly string[]> {
  const paths = Array.from({ length: count }, (_, index) => `/${index}`);
  await stage.addPartner(partnerName(0));
  for (const path of paths) await stage.addEndpoint(partnerName(0), { path });
  return paths;
}

/** The latencies of these paths in milliseconds, of events that were sent after a moment (epoch milliseconds). */
export async function latenciesOf(
  { receiver }: BenchStage,
  paths: readonly string[],
  sinceMs: number,
): Promise<readonly number[]> {
  const each = await Promise.all(paths.map((path) => receiver.latencies(path)));
  return each.flat().flatMap(([sentAtMs, latencyMs]) => (sentAtMs >= sinceMs ? [latencyMs] : []));
}

/** Waits until the receiver has taken so many different events at these paths, or `withinMs` have passed. */
export async function untilTaken(
  { receiver }: BenchStage,
  paths: readonly string[],
  { events, withinMs }: { readonly events: number; readonly withinMs: number },
): Promise<number> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const counts = await receiver.counts();
    const taken = paths.reduce((sum, path) => sum + (counts[path]?.distinct ?? 0), 0);
    if (taken >= events || Date.now() > deadline) return taken;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
