/** Which part of a list is wanted: pages count from 1, a page holds 1..100 entries. */
export interface Page {
  readonly page: number;
  readonly limit: number;
}

/** A part of a list, newest first, and how long the whole list is. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

const MAX_LIMIT = 100;

/** How many entries stand before a page. @throws RangeError for what is not a page. */
export function offsetOf({ page, limit }: Page): number {
  const isPage = Number.isSafeInteger(page) && page >= 1 && Number.isSafeInteger(limit) && limit >= 1;
  if (!isPage || limit > MAX_LIMIT) throw new RangeError(`not a page: ${page} of ${limit} entries`);
  return (page - 1) * limit;
}
