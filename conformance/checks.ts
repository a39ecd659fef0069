import { isDeepStrictEqual } from "node:util";
import type { Answer } from "./client.ts";
import { Deviation } from "./deviation.ts";

/** The part of a JSON value at a dotted path; undefined when there is none. Numbers are places in a list. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    return (inner as Readonly<Record<string, unknown>>)[key];
  }, value);
}

/** The text at a path of an answer's body. Throws Deviation when there is none. */
export function textAt(answer: Answer, path: string): string {
  const found = at(answer.json, path);
  if (typeof found !== "string") throw new Deviation(`${answer.request}: ${path} should be a text, not ${told(found)}`);
  return found;
}

/** The list at a path of an answer's body. Throws Deviation when there is none. */
export function listAt(answer: Answer, path: string): readonly unknown[] {
  const found = at(answer.json, path);
  if (!Array.isArray(found)) throw new Deviation(`${answer.request}: ${path} should be a list, not ${told(found)}`);
  return found;
}

/** Throws Deviation unless both are the same in content. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Deviation(`${what} should be ${told(expected)}, but is ${told(actual)}`);
  }
}

/** Throws Deviation unless it is so. */
export function holds(isSo: boolean, what: string): void {
  if (!isSo) throw new Deviation(what);
}

/** Throws Deviation unless the value is a text of that form. */
export function fits(actual: unknown, form: RegExp, what: string): void {
  if (typeof actual !== "string" || !form.test(actual)) {
    throw new Deviation(`${what} should look like ${form}, but is ${told(actual)}`);
  }
}

/** A success has the documented envelope and this status. */
export function isSuccess(answer: Answer, status: number): void {
  if (answer.status !== status)
    throw new Deviation(`${answer.request}: ${status} was expected, but ${said(answer)} came`);
  same(at(answer.json, "success"), true, `${answer.request}: success`);
  holds(at(answer.json, "data") !== undefined, `${answer.request}: the envelope has no data`);
}

export interface ExpectedError {
  readonly status: number;
  readonly code: string;
  /** Exactly as documented. */
  readonly message?: string;
  /** The path that `details` names; a place in a list counts for the list. */
  readonly names?: string;
}

/** An error has the documented envelope, status, code and message, and the id of the request. */
export function isError(answer: Answer, { status, code, message, names }: ExpectedError): void {
  const found = at(answer.json, "error.code");
  if (answer.status !== status || found !== code) {
    throw new Deviation(`${answer.request}: ${status} ${code} was expected, but ${said(answer)} came`);
  }
  same(at(answer.json, "success"), false, `${answer.request}: success`);
  if (message !== undefined) same(at(answer.json, "error.message"), message, `${answer.request}: error.message`);
  const requestId = answer.headers.get("x-request-id");
  same(at(answer.json, "error.requestId"), requestId, `${answer.request}: error.requestId, as X-Request-Id`);
  if (names === undefined) return;
  const paths = listAt(answer, "error.details").map((detail) => at(detail, "path"));
  const isNamed = paths.some((path) => path === names || String(path).startsWith(`${names}[`));
  holds(isNamed, `${answer.request}: error.details should name ${names}, but names ${told(paths)}`);
}

function said(answer: Answer): string {
  return `${answer.status} ${String(at(answer.json, "error.code") ?? "")} ${String(at(answer.json, "error.message") ?? "")}`.trim();
}

function told(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
