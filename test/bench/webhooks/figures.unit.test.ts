import { expect, test } from "vitest";
import { judged, quantile, spreadOf } from "../../../bench/webhooks/figures.ts";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test("a quantile is the smallest value that so many do not exceed", () => {
  expect(quantile(hundred, 0.5)).toBe(50);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile(hundred, 1)).toBe(100);
  expect(quantile([7], 0.99)).toBe(7);
  expect(spreadOf([1.005, 2.4449])).toEqual({ count: 2, p50: 1, p95: 2.44, p99: 2.44, max: 2.44 });
});

const bar = { bar: 2, what: "p95", unit: "ms", must: "at most", limit: 10 } as const;

test("a figure at its limit is met; one that could not be measured never is", () => {
  expect(judged({ ...bar, figure: 10 }).isMet).toBe(true);
  expect(judged({ ...bar, figure: 10.01 }).isMet).toBe(false);
  expect(judged({ ...bar, must: "at least", figure: 9.99 }).isMet).toBe(false);
  expect(judged({ ...bar, figure: quantile([], 0.95) }).isMet).toBe(false);
  expect(judged({ ...bar, must: "at least", figure: Number.NaN }).isMet).toBe(false);
});
