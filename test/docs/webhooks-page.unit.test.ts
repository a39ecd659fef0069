import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { renderWebhooks } from "../../scripts/print-webhooks.ts";
import { promisesOf } from "./promises.ts";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const page = await readFile(join(DOCS, "webhooks.md"), "utf8");

describe("bar 18 docs/webhooks.md", () => {
  const promises = promisesOf(page);

  test("bar 18 every promise names the test that proves it", () => {
    expect(promises.length).toBeGreaterThan(15);
    expect(promises.filter(({ proofs }) => proofs.length === 0)).toEqual([]);
  });

  test("bar 18 every test that the page names is there", async () => {
    const missing: string[] = [];
    for (const { file, title } of promises.flatMap(({ proofs }) => proofs)) {
      const text = await readFile(resolve(DOCS, file), "utf8").catch(() => "");
      const titles = text.split("\n").filter((line) => /\b(test|describe)\b|^\s*["`]/.test(line));
      if (!titles.some((line) => line.includes(title))) missing.push(`${file}: ${title}`);
    }
    expect(missing).toEqual([]);
  });

  test("a promise without a proof is found", () => {
    const planted = '## Addresses\n\n- We call you on Sundays.\n- https only. [proof](../test/a.test.ts "a")\n';
    expect(promisesOf(planted).map(({ proofs }) => proofs.length)).toEqual([0, 1]);
  });

  test("the page has every snippet of docs/verify as its file has it", async () => {
    expect(await renderWebhooks(DOCS)).toBe(page);
    for (const snippet of await readdir(join(DOCS, "verify"))) {
      expect(page).toContain((await readFile(join(DOCS, "verify", snippet), "utf8")).trimEnd());
    }
  });
});
