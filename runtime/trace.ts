import { randomInt } from "node:crypto";

/** Where in a trace we are, as W3C trace context has it: 32 and 16 lower-case hex digits. */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent` header; undefined when there is none or the specification calls it invalid. */
export function parseTraceparent(header: string | undefined): Trace | undefined {
  const [, version, traceId = "", spanId = "", flags = "", rest] = TRACEPARENT.exec(header ?? "") ?? [];
  if (version === undefined || version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The `traceparent` header of a trace, version 00. */
export function formatTraceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.isSampled ? "01" : "00"}`;
}

/** The valid `traceparent` among a message's headers; null when there is none: junk is not carried on. */
export function traceparentOf(headers: Readonly<Record<string, string | undefined>>): string | null {
  const trace = parseTraceparent(headers["traceparent"]);
  return trace === undefined ? null : formatTraceparent(trace);
}

/** The first span of a new trace. */
export function newTrace(): Trace {
  return { traceId: randomHex(16), spanId: randomHex(8), isSampled: true };
}

/** A new span inside the same trace; without a trace, the first span of a new one. */
export function childOf(trace: Trace | undefined): Trace {
  return trace ? { ...trace, spanId: randomHex(8) } : newTrace();
}

/** From `randomInt`, which spares a system call for each. */
function randomHex(bytes: number): string {
  let text = "";
  while (text.length < bytes * 2)
    text += randomInt(2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return isZero(text) ? randomHex(bytes) : text;
}

function isZero(hex: string): boolean {
  return /^0+$/.test(hex);
}
