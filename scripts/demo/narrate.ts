import { isDeepStrictEqual } from "node:util";
import { DemoFailed } from "./demo-failed.ts";

/** Tells the demo in plain words, and holds it to them. */
export interface Story {
  readonly chapter: (title: string) => void;
  readonly say: (sentence: string) => void;
  readonly sent: (request: string, body?: unknown) => void;
  readonly answered: (status: number, summary: string) => void;
  readonly heard: (event: string, summary: string) => void;
  /** Prints the claim and what was found; throws DemoFailed when they differ. */
  readonly expect: (claim: string, found: unknown, expected: unknown) => void;
  /** How many claims held so far. */
  readonly claims: () => number;
}

/** A story that is printed line by line. */
export function createStory(print: (line: string) => void): Story {
  let claims = 0;
  return {
    chapter: (title) => print(`\n${title}\n${"-".repeat(title.length)}`),
    say: (sentence) => print(`\n${sentence}`),
    sent: (request, body) => print(`  -> ${request}${body === undefined ? "" : `  ${JSON.stringify(body)}`}`),
    answered: (status, summary) => print(`  <- ${status}  ${summary}`),
    heard: (event, summary) => print(`  <~ webhook ${event}  ${summary}`),
    expect: (claim, found, expected) => {
      if (!isDeepStrictEqual(found, expected)) {
        throw new DemoFailed(`${claim}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
      }
      claims += 1;
      print(`     ok: ${claim}`);
    },
    claims: () => claims,
  };
}
