import { expect, test } from "vitest";
import { createGathered } from "../../gateway/gathered.ts";

/** Answers every question but `nobody`, and keeps what it was asked. */
function stage() {
  const asked: (readonly string[])[] = [];
  const ask = createGathered({
    keyOf: (question: string) => question,
    askAll: async (questions) => {
      asked.push(questions);
      if (questions.includes("broken")) throw new Error("the database is away");
      return new Map(questions.filter((one) => one !== "nobody").map((one) => [one, `${one}!`]));
    },
  });
  return { ask, asked };
}

test("what is asked within one turn is asked together, each question once", async () => {
  const { ask, asked } = stage();
  expect(await Promise.all(["a", "b", "a", "nobody"].map(ask))).toEqual(["a!", "b!", "a!", undefined]);
  expect(await ask("a")).toBe("a!");
  expect(asked).toEqual([["a", "b", "nobody"], ["a"]]);
});

test("an error goes to all who asked with it, and to nobody after them", async () => {
  const { ask } = stage();
  const results = await Promise.allSettled([ask("a"), ask("broken")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await ask("a")).toBe("a!");
});
