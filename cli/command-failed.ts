import type { ExitCode } from "./command.ts";

export type FailureKind = "refused" | "wrong_use" | "dependency_down";

export interface FailureFacts {
  readonly kind: FailureKind;
  /** For programs, as in docs/errors.md. */
  readonly code?: string;
  /** What else was answered. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** What to do about it. */
  readonly wayOut?: string;
  readonly cause?: unknown;
}

/** A command did not do what was asked; says why and what to do. Never holds a key or another secret. */
export class CommandFailed extends Error {
  readonly kind: FailureKind;
  readonly code: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly wayOut: string | null;

  constructor(message: string, { kind, code, facts = {}, wayOut, cause }: FailureFacts) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "CommandFailed";
    this.kind = kind;
    this.code = code ?? null;
    this.facts = facts;
    this.wayOut = wayOut ?? null;
  }
}

/** What was typed makes no sense. */
export function wrongUse(message: string, wayOut = "See `m2m --help`"): CommandFailed {
  return new CommandFailed(message, { kind: "wrong_use", wayOut });
}

/** Something that the command needs does not answer. */
export function dependencyDown(message: string, wayOut: string, cause?: unknown): CommandFailed {
  return new CommandFailed(message, { kind: "dependency_down", wayOut, cause });
}

const EXIT_CODES: Readonly<Record<FailureKind, ExitCode>> = { refused: 1, wrong_use: 2, dependency_down: 3 };

/** The exit code of a failure. */
export function exitCodeOf({ kind }: CommandFailed): ExitCode {
  return EXIT_CODES[kind];
}

/** A failure as one JSON document. */
export function failureDocument({ kind, code, message, facts, wayOut }: CommandFailed): unknown {
  return { error: { kind, ...(code === null ? {} : { code }), message, ...facts, wayOut } };
}

const HEADS: Readonly<Record<FailureKind, string>> = {
  refused: "Refused",
  wrong_use: "Wrong use",
  dependency_down: "Not available",
};

/** A failure for people: what, the facts, the way out. */
export function failureText({ kind, code, message, facts, wayOut }: CommandFailed): string {
  const told = Object.entries(facts).flatMap(([name, value]) => factLines(name, value));
  const head = code === null ? HEADS[kind] : `${HEADS[kind]} (${code})`;
  return [`${head}: ${message}`, ...told, ...(wayOut === null ? [] : [`What to do: ${wayOut}.`])].join("\n");
}

function factLines(name: string, value: unknown): readonly string[] {
  if (name === "details" && Array.isArray(value)) {
    return value.map((problem: { readonly path?: string; readonly message?: string }) => {
      return `  ${problem.path || "the body"}: ${problem.message ?? ""}`;
    });
  }
  return [`  ${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`];
}
