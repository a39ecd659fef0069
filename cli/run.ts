import { classify } from "../messaging/failure-policy.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Environment } from "../runtime/options.ts";
import type { ExitCode, Invocation, Outcome } from "./command.ts";
import { CommandFailed, dependencyDown, exitCodeOf, failureDocument, failureText } from "./command-failed.ts";
import { COMMANDS } from "./commands.ts";
import { createGatewayClient } from "./gateway-client.ts";
import { renderHelp } from "./help.ts";
import { type Given, parseArguments } from "./parse-arguments.ts";
import { loadSettings } from "./settings.ts";

/** What surrounds a command line. */
export interface Surroundings {
  readonly environment: Environment;
  readonly clock: Clock;
  /** A line for standard output. */
  readonly out: (line: string) => void;
  /** A line for standard error. */
  readonly err: (line: string) => void;
  /** Aborted by Ctrl-C. */
  readonly stop: AbortSignal;
}

/** Does what a command line says and gives its exit code. Throws only what is a bug. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const isJson = argv.includes("--json");
  try {
    return await obey(argv, { ...surroundings, isJson });
  } catch (error) {
    const failed = knownFailure(error);
    if (isJson) surroundings.out(JSON.stringify(failureDocument(failed)));
    else surroundings.err(failureText(failed));
    return exitCodeOf(failed);
  }
}

interface Session extends Surroundings {
  readonly isJson: boolean;
}

async function obey(argv: readonly string[], session: Session): Promise<ExitCode> {
  const { out, err, environment, isJson } = session;
  const parsed = parseArguments(argv, COMMANDS);
  if (parsed.kind === "help") {
    const isAsked = parsed.isAsked;
    (isAsked ? out : err)(renderHelp(parsed.words, COMMANDS));
    return isAsked ? 0 : 2;
  }
  const { given, entry } = parsed;
  const settings = await loadSettings({ flag: (name) => textOf(given, name), environment });
  if (given.flags["verbose"] === true) for (const line of settings.origins(entry.settings)) err(line);
  const outcome = await entry.run(invocation(given, { ...session, settings }));
  return outcome === null ? 0 : show(outcome, isJson, out);
}

interface Prepared extends Session {
  readonly settings: Invocation["settings"];
}

function invocation(given: Given, { settings, clock, stop, isJson, out, err }: Prepared): Invocation {
  return {
    argument: (name) => given.arguments[name] ?? "",
    flag: (name) => textOf(given, name),
    flags: (name) => [given.flags[name] ?? []].flat().map(String),
    isSet: (name) => given.flags[name] === true,
    settings,
    gateway: createGatewayClient(settings, clock),
    clock,
    stop,
    stream: (document, line) => out(isJson ? JSON.stringify(document) : line),
    note: err,
  };
}

function textOf({ flags }: Given, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

function show({ document, text, exitCode = 0 }: Outcome, isJson: boolean, out: (line: string) => void): ExitCode {
  out(isJson ? JSON.stringify(document) : text);
  return exitCode;
}

/** What is known to pass is a dependency that is down; everything else is a bug and keeps its stack. */
function knownFailure(error: unknown): CommandFailed {
  if (error instanceof CommandFailed) return error;
  const { kind, name } = classify(error);
  if (kind !== "temporary") throw error;
  return dependencyDown(`Something that this needs is away (${name})`, "`m2m doctor` says what", error);
}
