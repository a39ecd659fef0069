import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OPTIONS } from "../../runtime/config.ts";
import { renderConfiguration } from "../../scripts/print-configuration.ts";
import { staleDocuments, writeDocuments } from "../../scripts/print-documents.ts";
import { renderErrors } from "../../scripts/print-errors.ts";
import { renderMetrics } from "../../scripts/print-metrics.ts";
import { typesOf } from "../../scripts/print-schema-types.ts";
import { renderStates } from "../../scripts/print-states.ts";
import { markdownTable } from "../../scripts/print-table.ts";
import { renderTopics } from "../../scripts/print-topics.ts";

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "print-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("printed documents", () => {
  test("what is missing or differs is stale until it is written", async () => {
    await inFolder(async (folder) => {
      const documents = [
        { file: "docs/same.md", render: () => "same\n" },
        { file: "docs/changed.md", render: async () => "new\n" },
        { file: "docs/deep/missing.md", render: () => "fresh\n" },
      ];
      await writeDocuments(folder, documents);
      await writeFile(join(folder, "docs/changed.md"), "old\n");
      await rm(join(folder, "docs/deep"), { recursive: true });
      const stale = await staleDocuments(folder, documents);
      expect(stale.map(({ file }) => file)).toEqual(["docs/changed.md", "docs/deep/missing.md"]);
      expect(await writeDocuments(folder, documents)).toEqual(["docs/changed.md", "docs/deep/missing.md"]);
      expect(await readFile(join(folder, "docs/changed.md"), "utf8")).toBe("new\n");
      expect(await staleDocuments(folder, documents)).toEqual([]);
    });
  });

  test("a cell may hold anything a table would trip over", () => {
    expect(markdownTable(["a"], [["x|y\nz"]])).toBe("| a |\n| --- |\n| x\\|y z |");
  });

  test("every option has its row, and a secret is called one", () => {
    const text = renderConfiguration();
    for (const name of Object.keys(OPTIONS)) expect(text).toContain(`| \`${name}\` |`);
    expect(text).toContain("| `GATEWAY_PORT` | integer 0 to 65535 | `58080` |");
    expect(text).toMatch(/`SERVER_SECRET` .* \*\*required\*\* .* Secret/);
  });

  test("errors, metrics, states and topics are printed", () => {
    expect(renderErrors()).toContain("| `INVALID_API_KEY` | 401 |");
    expect(renderMetrics()).toContain("| `m2m_outbox_depth` | gauge | none |");
    expect(renderStates()).toContain("| `completed` | final |");
    expect(renderTopics()).toContain("| `m2m.user-commands` | `partner/environment/referenceId` |");
  });
});

describe("types of schemas", () => {
  const Time = { description: "a time", type: "string" } as const;

  test("one type per title and definition, references between files followed", async () => {
    const text = await typesOf([
      { file: "words.json", schema: { title: "Words", definitions: { Time } } },
      {
        file: "http/link.json",
        schema: {
          title: "Link",
          type: "object",
          required: ["at"],
          properties: { at: { $ref: "../words.json#/definitions/Time" }, next: { $ref: "link.json" } },
          definitions: { Time },
        },
      },
    ]);
    expect(text).toContain("export type Time = string;");
    expect(text).toMatch(/export interface Link \{\s+at: Time;\s+next\?: Link;\s+\}/);
    expect(text).not.toMatch(/EverySchema|referenced by|Words/);
  });

  test("two files that mean different things by one name are told", async () => {
    const files = [
      { file: "a.json", schema: { title: "A", type: "object", definitions: { Time } } },
      { file: "b.json", schema: { title: "B", type: "object", definitions: { Time: { type: "number" } } } },
    ] as const;
    await expect(typesOf(files)).rejects.toThrow('"Time" in schemas/b.json is not what it is in schemas/a.json');
  });

  test("a schema without a title is told", async () => {
    await expect(typesOf([{ file: "a.json", schema: { type: "object" } }])).rejects.toThrow(
      "schemas/a.json has no title",
    );
  });
});
