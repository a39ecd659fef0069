/** A column: its head, and what an item shows in it; null and undefined show as a dash. */
export type Column<Item> = readonly [head: string, cell: (item: Item) => unknown];

/** Items in columns that are as wide as their widest cell; a sentence when there is none. */
export function textTable<Item>(items: readonly Item[], columns: readonly Column<Item>[], none = "(none)"): string {
  if (items.length === 0) return none;
  const rows = [columns.map(([head]) => head), ...items.map((item) => columns.map(([, cell]) => shown(cell(item))))];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Names and values below each other; what is undefined is left out. */
export function textRecord(entries: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(entries).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...told.map(([name]) => name.length));
  return told.map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}`).join("\n");
}

/** Parts with a head each; a part without text is left out. */
export function textSections(sections: readonly (readonly [head: string, text: string])[]): string {
  return sections
    .filter(([, text]) => text !== "")
    .map(([head, text]) => `${head}\n${text.replace(/^/gm, "  ")}`)
    .join("\n\n");
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "-";
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return printable(value.join(", ")) || "-";
  return printable(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** Free text comes from others: it may not move the cursor or colour the screen. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
