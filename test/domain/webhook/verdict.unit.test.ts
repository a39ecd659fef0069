import fc from "fast-check";
import { expect, test } from "vitest";
import { FAILURE_CLASSES, verdictOf } from "../../../domain/webhook/verdict.ts";

test("200 to 299 is delivered, nothing else is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 999 }), (statusCode) => {
      const verdict = verdictOf({ kind: "answered", statusCode });
      expect(verdict.kind).toBe(statusCode >= 200 && statusCode <= 299 ? "delivered" : "failed");
    }),
  );
});

test.each([
  [301, "redirect"],
  [304, "redirect"],
  [308, "redirect"],
  [400, "http_4xx"],
  [404, "http_4xx"],
  [410, "gone"],
  [429, "http_4xx"],
  [500, "http_5xx"],
  [503, "http_5xx"],
  [101, "http_other"],
  [600, "http_other"],
])("an answer %i is the failure %s", (statusCode, failureClass) => {
  expect(verdictOf({ kind: "answered", statusCode })).toEqual({ kind: "failed", failureClass });
});

test.each(FAILURE_CLASSES)("without an answer the failure keeps its class: %s", (failureClass) => {
  expect(verdictOf({ kind: "unanswered", failureClass })).toEqual({ kind: "failed", failureClass });
});
