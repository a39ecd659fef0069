import { expect, test } from "vitest";
import { childOf, formatTraceparent, newTrace, parseTraceparent, traceparentOf } from "../../runtime/trace.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";

test("a traceparent is read and written again", () => {
  const header = `00-${TRACE_ID}-${SPAN_ID}-01`;
  const trace = parseTraceparent(header);
  expect(trace).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, isSampled: true });
  expect(trace && formatTraceparent(trace)).toBe(header);
  expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-00`)?.isSampled).toBe(false);
});

test.each([
  undefined,
  "",
  "junk",
  `ff-${TRACE_ID}-${SPAN_ID}-01`,
  `00-${TRACE_ID}-${SPAN_ID}-01-more`,
  `00-${"0".repeat(32)}-${SPAN_ID}-01`,
  `00-${TRACE_ID}-${"0".repeat(16)}-01`,
  `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
])("what the specification calls invalid is no trace: %s", (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});

test("of a message's headers only a valid traceparent is carried on", () => {
  const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
  expect(traceparentOf({ messageId: "cmd_1", traceparent })).toBe(traceparent);
  expect(traceparentOf({ traceparent: "junk" })).toBeNull();
  expect(traceparentOf({})).toBeNull();
});

test("a later version with more fields is read as far as it is known", () => {
  expect(parseTraceparent(`01-${TRACE_ID}-${SPAN_ID}-01-more`)?.traceId).toBe(TRACE_ID);
});

test("a child stays in the trace with a span of its own", () => {
  const parent = newTrace();
  const child = childOf(parent);
  expect(child.traceId).toBe(parent.traceId);
  expect(child.spanId).not.toBe(parent.spanId);
  expect(parseTraceparent(formatTraceparent(child))).toEqual(child);
  expect(childOf(undefined).traceId).not.toBe(parent.traceId);
});
