import type { FieldValue, Path } from "../../domain/user/fields.ts";
import { maskValue, revealValue } from "../../domain/user/masking.ts";
import { winnersOf } from "../../domain/user/precedence.ts";
import type { User } from "../../domain/user/user.ts";

/** How values are shown: masked, or as they are for a key with `pii:read`. */
export type Show = (path: Path, value: FieldValue) => unknown;

/** The way of showing values that a request asked for; an image is never shown at all. */
export function showing(isRevealed: boolean): Show {
  return isRevealed ? (_, value) => revealValue(value) : maskValue;
}

/** The values that count now, in the shape in which they are sent: the `userData` of a list item. */
export function userDataView(user: Pick<User, "assertions" | "values">, show: Show): Readonly<Record<string, unknown>> {
  const name: Record<string, unknown> = {};
  const shown: Record<string, unknown> = {};
  const notApplicable: string[] = [];
  for (const [path, { value }] of Object.entries(winnersOf(user)) as [Path, { value: FieldValue | null }][]) {
    if (value === null) notApplicable.push(path);
    else if (path.startsWith("name.")) name[path.slice("name.".length)] = show(path, value);
    else shown[path] = show(path, value);
  }
  return {
    ...(Object.keys(name).length > 0 ? { name } : {}),
    ...shown,
    ...(notApplicable.length > 0 ? { notApplicable } : {}),
  };
}
