import { setTimeout as delay } from "node:timers/promises";
import { CHAPTERS } from "./chapters.ts";
import { createClient } from "./client.ts";
import { Deviation } from "./deviation.ts";
import type { Receiver } from "./receiver.ts";
import type { Chapter, Expect, Subject } from "./subject.ts";

export interface RunSettings {
  readonly url: string;
  readonly key: string;
  readonly otherKey: string | null;
  readonly receiver: Receiver | null;
  /** Only the chapters whose title has this in it; null: all. */
  readonly only: string | null;
}

/** One expectation and what became of it. */
export interface Result {
  readonly chapter: string;
  readonly name: string;
  readonly outcome: "met" | "deviates" | "skipped";
  /** What was expected and what came, or why it was left out; null when it is met. */
  readonly detail: string | null;
}

/** Checks every chapter in order and tells each result as soon as it is known; gives all of them. */
export async function runConformance(
  settings: RunSettings,
  tell: (result: Result) => void,
): Promise<readonly Result[]> {
  const subject = subjectOf(settings);
  const results: Result[] = [];
  const note = (result: Result): void => {
    results.push(result);
    tell(result);
  };
  const { only } = settings;
  for (const chapter of CHAPTERS.filter(({ title }) => only === null || title.includes(only))) {
    await checkChapter(chapter, subject, note);
  }
  return results;
}

async function checkChapter(chapter: Chapter, subject: Subject, note: (result: Result) => void): Promise<void> {
  const { title } = chapter;
  const reason = chapter.skipReason?.(subject) ?? null;
  if (reason !== null) {
    note({ chapter: title, name: "the whole chapter", outcome: "skipped", detail: reason });
    return;
  }
  const expect: Expect = async (name, check) => {
    const detail = await deviationOf(check);
    note({ chapter: title, name, outcome: detail === null ? "met" : "deviates", detail });
  };
  const prepared = await deviationOf(() => chapter.check(subject, expect));
  if (prepared !== null) note({ chapter: title, name: "can be prepared", outcome: "deviates", detail: prepared });
}

/** Anything but a Deviation is a fault of this suite and ends it. */
async function deviationOf(check: () => Promise<void> | void): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof Deviation) return error.message;
    throw error;
  }
}

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

function subjectOf({ url, key, otherKey, receiver }: RunSettings): Subject {
  const run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  let made = 0;
  return {
    call: createClient(url, key),
    ...{ key, otherKey, receiver },
    newReferenceId: () => `conformance-${run}-${++made}`,
    until: async (what, isSo) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (!(await isSo())) {
        if (Date.now() > deadline) throw new Deviation(`${what} did not happen within ${PATIENCE_MS / 1_000} s`);
        await delay(PAUSE_MS);
      }
    },
  };
}
