/** How long a call to something that may be away may take, and who counts the calls that were given up. */
export interface TimeLimit {
  readonly timeoutMs: number;
  readonly skipped: { readonly inc: (labels: { reason: string }) => void };
}

/**
 * The answer of a call that the caller can do without: null when it fails or takes longer than the limit, which is
 * counted with the reason `error` or `timeout`. Never throws. A late answer is dropped.
 */
export async function withinTime<T>(call: () => Promise<T>, { timeoutMs, skipped }: TimeLimit): Promise<T | null> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => giveUp("late"), timeoutMs);
  try {
    const first = await Promise.race([late, call().then((answer) => ({ answer }))]);
    if (first !== "late") return first.answer;
    skipped.inc({ reason: "timeout" });
    return null;
  } catch {
    skipped.inc({ reason: "error" });
    return null;
  } finally {
    clearTimeout(timer);
  }
}
