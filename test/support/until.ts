import { setTimeout as wait } from "node:timers/promises";

const LONGEST_MS = 60_000;
const PAUSE_MS = 20;

/** Looks again and again until it is so; fails with the sentence when it does not become so in time. */
export async function until(sentence: string, isSo: () => Promise<boolean>, longestMs = LONGEST_MS): Promise<void> {
  const deadline = Date.now() + longestMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${longestMs} ms in vain until ${sentence}`);
    await wait(PAUSE_MS);
  }
}
