import { run } from "../../cli/run.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { Json } from "../support/http.ts";

/** What one command line led to. */
export interface CliRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as JSON. */
  readonly json: () => Json;
}

export interface CliSurroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stop?: AbortSignal;
  /** Hears every line as it is written. */
  readonly hear?: (line: string) => void;
}

/** A folder without a local stack, so that nothing but what is given here is used. */
const NO_STACK = "/nonexistent/m2m";

/** Runs a command line in this process. */
export async function runCli(argv: readonly string[], surroundings: CliSurroundings = {}): Promise<CliRun> {
  const { environment = {}, stop = new AbortController().signal, hear = () => undefined } = surroundings;
  const lines: { readonly out: string[]; readonly err: string[] } = { out: [], err: [] };
  const keep = (kept: string[]) => (line: string) => {
    kept.push(line);
    hear(line);
  };
  const exitCode = await run(argv, {
    environment: { STACK_DIR: NO_STACK, ...environment },
    clock: systemClock,
    out: keep(lines.out),
    err: keep(lines.err),
    stop,
  });
  const out = lines.out.join("\n");
  return { exitCode, out, err: lines.err.join("\n"), json: () => JSON.parse(out) };
}
