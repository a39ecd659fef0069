import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CASES, toLine } from "./verify/cases.ts";
import { isHere, LANGUAGES, verdictsOf } from "./verify/languages.ts";

const present = LANGUAGES.filter(isHere).map(({ name }) => name);
const absent = LANGUAGES.map(({ name }) => name).filter((name) => !present.includes(name));
const account = `run here: ${present.join(", ")}; not on this machine: ${absent.join(", ") || "none"}`;

describe(`docs/verify, ${account}`, () => {
  test("Node and Python are there, and every snippet has its language", async () => {
    process.stdout.write(`Verification snippets: ${account}\n`);
    expect(present).toEqual(expect.arrayContaining(["Node", "Python"]));
    const snippets = await readdir(join(import.meta.dirname, "..", "..", "docs/verify"));
    expect(snippets.sort()).toEqual(LANGUAGES.map(({ files: [snippet] }) => snippet).sort());
  });

  test.for(LANGUAGES.filter(({ name }) => present.includes(name)))(
    "the $name snippet believes what openssl signed and nothing else",
    { timeout: 120_000 },
    async (language) => {
      const verdicts = await verdictsOf(language, CASES.map(toLine));
      const judged = CASES.map(({ name, scheme }, index) => `${scheme}, ${name}: ${verdicts[index]}`);
      expect(judged).toEqual(CASES.map(({ name, scheme, verdict }) => `${scheme}, ${name}: ${verdict}`));
    },
  );
});
