/** Where a text stops being JSON. `line` and `column` count from 1, `offset` from 0. */
export interface JsonFault {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/**
 * The first place at which a text cannot be JSON (RFC 8259), or null when it is JSON. The parser's own message will not
 * do: it quotes the text, which may hold personal values, and often leaves out the place.
 */
export function findJsonFault(text: string): JsonFault | null {
  const offset = faultOffset(text);
  if (offset === null) return null;
  const before = text.slice(0, offset);
  return { offset, line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** What may stand next. `first` is a value or the end of an empty array, `key?` a key or the end of an empty object. */
type Expected = "value" | "first" | "key" | "key?" | "colon" | "after";

function faultOffset(text: string): number | null {
  const closers: string[] = [];
  let expected: Expected = "value";
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const step = stepAt(text, at, { expected, closer: closers.at(-1) });
    if (step === null) return at;
    if ("fault" in step) return step.fault;
    if (step.opens !== undefined) closers.push(step.opens);
    if (step.closes) closers.pop();
    expected = step.next;
    at = skipSpace(text, step.end);
  }
  return expected === "after" && closers.length === 0 ? null : text.length;
}

interface Place {
  readonly expected: Expected;
  readonly closer: string | undefined;
}

type Step =
  | { readonly end: number; readonly next: Expected; readonly opens?: string; readonly closes?: true }
  | { readonly fault: number };

/** One token; null when it may not stand here. */
function stepAt(text: string, at: number, { expected, closer }: Place): Step | null {
  const character = text.charAt(at);
  const end = at + 1;
  const mayClose = expected === "after" || expected === "first" || expected === "key?";
  if (mayClose && closer !== undefined && character === closer) return { end, next: "after", closes: true };
  if (expected === "colon") return character === ":" ? { end, next: "value" } : null;
  if (expected === "after") {
    if (character !== "," || closer === undefined) return null;
    return { end, next: closer === "}" ? "key" : "value" };
  }
  if (character === '"') return stringStep(text, at, expected);
  if (expected === "key" || expected === "key?") return null;
  if (character === "{") return { end, next: "key?", opens: "}" };
  if (character === "[") return { end, next: "first", opens: "]" };
  return wordStep(text, at);
}

function stringStep(text: string, at: number, expected: Expected): Step {
  const next = expected === "key" || expected === "key?" ? "colon" : "after";
  for (let index = at + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return { end: index + 1, next };
    if (code < 0x20) return { fault: index };
    if (code !== BACKSLASH) continue;
    const length = escapeLength(text, index);
    if (length === null) return { fault: index };
    index += length - 1;
  }
  return { fault: text.length };
}

function escapeLength(text: string, at: number): number | null {
  const character = text.charAt(at + 1);
  if (character === "u") return /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) ? 6 : null;
  return character !== "" && '"\\/bfnrt'.includes(character) ? 2 : null;
}

/** true, false, null or a number. */
function wordStep(text: string, at: number): Step | null {
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  return word === undefined ? null : { end: at + word.length, next: "after" };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at += 1;
  return at;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
