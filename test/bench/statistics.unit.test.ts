import { expect, test } from "vitest";
import { textTable } from "../../bench/figure-table.ts";
import { resultOf } from "../../bench/results.ts";
import { alternate } from "../../bench/rounds.ts";
import { judge, ratios } from "../../bench/statistics.ts";

const FIGURE = { what: "links", unit: "/s", values: [7, 5, 9] };

test("a figure is the middle of its rounds, with the lowest and the highest", () => {
  expect(judge({ ...FIGURE, target: null })).toMatchObject({ figure: 7, spread: [5, 9], verdict: null });
});

test.each([
  [{ must: "at least", limit: 8 }, "not met"],
  [{ must: "at least", limit: 7 }, "met"],
  [{ must: "at least", limit: 6, stretch: 7 }, "stretch met"],
  [{ must: "at most", limit: 6 }, "not met"],
  [{ must: "at most", limit: 8, stretch: 6 }, "met"],
] as const)("%o is judged by the middle: %s", (target, verdict) => {
  expect(judge({ ...FIGURE, target }).verdict).toBe(verdict);
});

test("a figure that is no number meets nothing", () => {
  expect(judge({ ...FIGURE, values: [Number.NaN], target: { must: "at most", limit: 1 } }).verdict).toBe("not met");
});

test("ratios are taken round by round", () => {
  expect(ratios([10, 30], [5, 10])).toEqual([2, 3]);
});

test("rounds alternate, and each begins with another subject", async () => {
  const order: string[] = [];
  const note = (name: string) => async (round: number) => {
    order.push(`${name}${round}`);
    return round;
  };
  const samples = await alternate(3, { a: note("a"), b: note("b") });
  expect(order).toEqual(["a0", "b0", "b1", "a1", "a2", "b2"]);
  expect(samples).toEqual({ a: [0, 1, 2], b: [0, 1, 2] });
});

test("the table shows every target beside its figure, met or not", () => {
  const figures = [
    { ...FIGURE, target: { must: "at least", limit: 8 } as const },
    { what: "lost", unit: "", values: [0], target: { must: "at most", limit: 0 } as const },
  ];
  const machine = { processors: "2", memoryGiB: 1, node: "", platform: "", loadAtStart: 0, commit: "" };
  const benchmark = { name: "one", sentence: "", run: async () => ({ figures, raw: {} }) };
  const result = resultOf(benchmark, { figures, raw: {} }, { at: "", seconds: 1, machine, rounds: 3 });
  const [, links, lost] = textTable([result]).split("\n");
  expect(links).toMatch(/^one +links +7 \/s +5 – 9 +≥ 8 \/s +NOT MET$/);
  expect(lost).toMatch(/^one +lost +0 +≤ 0 +met$/);
});
