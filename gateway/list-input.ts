import type { Problem } from "../domain/refusals.ts";
import type { Validate } from "../schemas/validators.ts";
import type { Page, Paged } from "../storage/queries/page.ts";
import { checkedInput } from "./check-input.ts";
import { requirePermission } from "./middleware/permit.ts";
import { RequestRefused } from "./request-refused.ts";
import type { Caller } from "./route.ts";

const NUMBERS = ["page", "limit", "at"];
const DEFAULT_LIMIT = 20;
const END_OF_9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The query of a request as its schema says it is; whole numbers come as numbers. Refuses as `checkedInput` does. */
export function checkedQuery<T extends object>(query: Readonly<Record<string, string>>, validate: Validate): T {
  const entries = Object.entries(query).map(([name, text]) => [name, isWholeNumber(name, text) ? Number(text) : text]);
  return checkedInput<T>(Object.fromEntries(entries), { validate, rules: unreadable });
}

/** The part of a list that a query asks for; the first 20 when it does not say. */
export function pageOf({ page = 1, limit = DEFAULT_LIMIT }: { readonly page?: number; readonly limit?: number }): Page {
  return { page, limit };
}

/** A list as the API shows it (doc). */
export function pagedView<Item, View>(
  { items, total }: Paged<Item>,
  { page, limit }: Page,
  view: (item: Item) => View,
) {
  return { items: items.map(view), pagination: { page, limit, total, totalPages: Math.ceil(total / limit) } };
}

/** What a query filters by: all but page, limit and reveal; times in the one form that everything inside uses. */
export function filterOf<Query extends ListQuery>(query: Query): Omit<Query, "page" | "limit" | "reveal"> {
  const { page: _page, limit: _limit, reveal: _reveal, ...filter } = query;
  return {
    ...filter,
    ...(query.from === undefined ? {} : { from: storableTime(query.from) }),
    ...(query.to === undefined ? {} : { to: storableTime(query.to) }),
  };
}

/** The nearest moment from 1970 to 9999: nothing of ours lies outside, and Postgres knows no year 0. */
export function storableTime(text: string): string {
  return new Date(Math.min(Math.max(0, Date.parse(text)), END_OF_9999)).toISOString();
}

interface ListQuery {
  readonly page?: number;
  readonly limit?: number;
  readonly reveal?: "true" | "false";
  readonly from?: string;
  readonly to?: string;
}

/** Whether values are asked for unmasked. Refuses with FORBIDDEN when the key lacks `pii:read`. */
export function isRevealed(caller: Caller, { reveal }: { readonly reveal?: "true" | "false" }): boolean {
  if (reveal !== "true") return false;
  requirePermission(caller, "pii:read");
  return true;
}

/** The refusal of a cursor that no page of ours had. */
export function refuseCursor(): RequestRefused {
  const message = "The cursor field must be the nextCursor of another page";
  const details = [{ path: "cursor", code: "unknown_cursor", message }];
  return new RequestRefused("INVALID_REQUEST", { message, facts: { details } });
}

function isWholeNumber(name: string, text: string): boolean {
  return NUMBERS.includes(name) && /^-?\d{1,15}$/.test(text);
}

/** No identifier holds a control character, and no database takes a NUL. */
function unreadable(query: Readonly<Record<string, unknown>>): readonly Problem[] {
  const broken = Object.keys(query).filter((name) => /\p{Cc}|\uFFFD/u.test(String(query[name])));
  return broken.map((path) => ({
    path,
    code: "invalid_characters",
    message: `The ${path} field holds control characters`,
  }));
}
