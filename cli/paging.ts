import type { Flag, Invocation, Outcome } from "./command.ts";
import { type Column, textTable } from "./text-table.ts";

/** The flags of every list. */
export const PAGE_FLAGS: readonly Flag[] = [
  { name: "page", placeholder: "NUMBER", sentence: "Which page; 1 when left out." },
  { name: "limit", placeholder: "COUNT", sentence: "Items on a page, 1 to 100; 20 when left out." },
];

/** What a list answers. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly pagination: { readonly page: number; readonly total: number; readonly totalPages: number };
}

/** The page that was asked for, as a query. */
export function pageQuery({ flag }: Invocation): {
  readonly page: string | undefined;
  readonly limit: string | undefined;
} {
  return { page: flag("page"), limit: flag("limit") };
}

/** A page as a table, with a last line that says which page it is. */
export function pageOutcome<Item>(paged: Paged<Item>, columns: readonly Column<Item>[]): Outcome {
  const { page, total, totalPages } = paged.pagination;
  const place = `page ${page} of ${Math.max(1, totalPages)}, ${total} in all`;
  return { document: paged, text: `${textTable(paged.items, columns)}\n${place}` };
}
