import type { AppliedStep } from "./saved-history.ts";

/**
 * The shortest part of the steps that still fails, as far as leaving out runs of steps can find it (delta debugging):
 * first halves, then ever smaller runs, until no single step can be left out.
 */
export async function shrinkHistory(
  steps: readonly AppliedStep[],
  isFailing: (steps: readonly AppliedStep[]) => Promise<boolean>,
): Promise<readonly AppliedStep[]> {
  let failing = steps;
  let size = Math.ceil(failing.length / 2);
  while (failing.length > 1) {
    const shorter = await withoutSomeRun(failing, size, isFailing);
    if (shorter !== null) failing = shorter;
    else if (size === 1) return failing;
    else size = Math.ceil(size / 2);
    size = Math.min(size, failing.length);
  }
  return failing;
}

async function withoutSomeRun(
  steps: readonly AppliedStep[],
  size: number,
  isFailing: (steps: readonly AppliedStep[]) => Promise<boolean>,
): Promise<readonly AppliedStep[] | null> {
  for (let start = 0; start < steps.length; start += size) {
    const rest = [...steps.slice(0, start), ...steps.slice(start + size)];
    if (rest.length > 0 && (await isFailing(rest))) return rest;
  }
  return null;
}
