import { expect, test } from "vitest";
import { writeTogether } from "../../storage/write-together.ts";

test("statements of one moment leave in one write, those of the next in another", async () => {
  const seen: string[] = [];
  const stream = { cork: () => void seen.push("gather"), uncork: () => void seen.push("write") };
  const client = { query: (...given: unknown[]) => void seen.push(String(given[0])), connection: { stream } };
  writeTogether(client);
  const query = client.query as (...given: unknown[]) => void;
  query("one");
  query("two");
  await Promise.resolve();
  query("three");
  await Promise.resolve();
  expect(seen).toEqual(["gather", "one", "two", "write", "gather", "three", "write"]);
});
