import type { ExitCode } from "../command.ts";
import { textTable } from "../text-table.ts";

/** What the doctor says of one thing: in order, not as it should be, not answering, or not looked at. */
export interface Finding {
  readonly name: string;
  readonly state: "fine" | "wrong" | "down" | "not checked";
  readonly detail: string;
  /** What to do, when something has to be done. */
  readonly wayOut: string | null;
}

/** All is well. */
export function fine(name: string, detail: string): Finding {
  return { name, state: "fine", detail, wayOut: null };
}

/** It answers, and is not as it should be. */
export function wrong(name: string, detail: string, wayOut: string): Finding {
  return { name, state: "wrong", detail, wayOut };
}

/** It does not answer; the error's first line says how. */
export function down(name: string, error: unknown, wayOut: string): Finding {
  const reason = error instanceof Error ? deepest(error) : "no reason given";
  return { name, state: "down", detail: reason.split("\n", 1)[0] ?? reason, wayOut };
}

/** 3 when anything is down, 1 when anything is wrong. */
export function exitCodeFor(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ state }) => state === "down")) return 3;
  return findings.some(({ state }) => state === "wrong") ? 1 : 0;
}

/** A row per finding, then what to do, in the same order. */
export function findingsText(findings: readonly Finding[]): string {
  const table = textTable(findings, [
    ["WHAT", ({ name }) => name],
    ["STATE", ({ state }) => state.toUpperCase()],
    ["DETAIL", ({ detail }) => detail],
  ]);
  const ways = findings.flatMap(({ name, wayOut }) => (wayOut === null ? [] : [`${name}: ${wayOut}`]));
  return ways.length === 0 ? `${table}\n\nAll is well.` : `${table}\n\nWhat to do:\n${ways.join("\n")}`;
}

/** The cause at the bottom says the most, as "connect ECONNREFUSED"; some errors have a code and no message. */
function deepest(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return deepest(error.errors[0]);
  if (error.cause instanceof Error) return deepest(error.cause);
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
