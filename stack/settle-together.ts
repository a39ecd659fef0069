/**
 * Waits until all of them have come to their end, so that nothing comes up after a failure was reported. The first
 * failure aborts the others, and is the one that is thrown.
 */
export async function settleTogether(starting: readonly Promise<unknown>[], failure: AbortController): Promise<void> {
  const first = Promise.all(starting).catch((error: unknown) => {
    failure.abort();
    throw error;
  });
  await Promise.allSettled([first, ...starting]);
  await first;
}
