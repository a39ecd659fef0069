import type { Clock } from "../runtime/clock.ts";
import type { GatewayClient } from "./gateway-client.ts";
import type { SettingName, Settings } from "./settings.ts";

/** A word behind `--`. Without a placeholder it is either there or not. */
export interface Flag {
  readonly name: string;
  readonly placeholder?: string;
  readonly sentence: string;
  readonly oneOf?: readonly string[];
  readonly isRequired?: true;
  readonly isRepeatable?: true;
}

/** A word that is known by its place. */
export interface Argument {
  readonly name: string;
  readonly sentence: string;
  readonly oneOf?: readonly string[];
}

/** What came of a command: a document for programs, text for people. Exit code 0 when none is given. */
export interface Outcome {
  readonly document: unknown;
  readonly text: string;
  readonly exitCode?: ExitCode;
}

/** 0 done, 1 refused, 2 wrong use, 3 a dependency is down. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What was given to one command, and what it works with. */
export interface Invocation {
  readonly argument: (name: string) => string;
  readonly flag: (name: string) => string | undefined;
  readonly flags: (name: string) => readonly string[];
  readonly isSet: (name: string) => boolean;
  readonly settings: Settings;
  readonly gateway: GatewayClient;
  readonly clock: Clock;
  /** Aborted by Ctrl-C; only commands that go on for ever look at it. */
  readonly stop: AbortSignal;
  /** For commands that go on for ever: one thing that happened, as a document and as a line. */
  readonly stream: (document: unknown, line: string) => void;
  /** A remark for the person at the screen; never on standard output. */
  readonly note: (line: string) => void;
}

/** One command: parsing, help, completion and docs/cli.md all follow from its entry. */
export interface CommandEntry {
  /** Its words, as `["users", "show"]`. */
  readonly path: readonly string[];
  readonly sentence: string;
  readonly arguments: readonly Argument[];
  readonly flags: readonly Flag[];
  /** The settings that it uses. */
  readonly settings: readonly SettingName[];
  readonly examples: readonly string[];
  /** Null when everything was streamed. */
  readonly run: (invocation: Invocation) => Promise<Outcome | null>;
}

/** Several commands under one word. */
export interface CommandGroup {
  readonly word: string;
  readonly sentence: string;
  readonly commands: readonly CommandEntry[];
}
