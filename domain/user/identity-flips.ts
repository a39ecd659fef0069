import type { Change } from "../change.ts";
import type { UserEvent } from "../events.ts";
import { addDays, isBefore } from "../time.ts";
import { canonicalForm } from "./canonical.ts";
import type { FieldValue, Path, Source } from "./fields.ts";
import { similarityOf } from "./similarity.ts";
import type { IdentityFlip, User } from "./user.ts";

const WITHIN_DAYS = 30;
/** More than so many of the same field by the same source are suspicious. */
const MOST_FLIPS = 2;

type DataUpdated = UserEvent & { readonly type: "user.data_updated" };

/**
 * A13: the flips of the last 30 days after an update. A flip is a source that now says something else of a name, dob or
 * idNumber than it had said before; another way of writing it is none, and neither is a first word.
 */
export function flipsAfter(before: User, event: DataUpdated): readonly IdentityFlip[] {
  const { source, values, notApplicable } = event.private.assertions;
  const said = [...(Object.entries(values) as Word[]), ...notApplicable.map((path): Word => [path, null])];
  const flipped = said.filter((word) => isFlip(before, source, word));
  const fields = new Set(flipped.flatMap(([path]) => fieldOf(path) ?? []));
  const begins = addDays(event.at, -WITHIN_DAYS);
  const recent = before.identityFlips.filter(({ at }) => isBefore(begins, at));
  if (fields.size === 0 && recent.length === before.identityFlips.length) return before.identityFlips;
  return [...recent, ...[...fields].map((field) => ({ source, field, at: event.at }))];
}

/** A13: more than two flips raise `unstable_identity` for review, once; nothing blocks. */
export function flagUnstableIdentity(change: Change, source: Source): void {
  const { referenceId, userId, identityFlips, flags } = change.user();
  if (flags.some(({ flag }) => flag === "unstable_identity")) return;
  const own = identityFlips.filter((flip) => flip.source === source);
  const unstable = FIELDS.filter((name) => own.filter(({ field }) => field === name).length > MOST_FLIPS);
  if (unstable.length === 0) return;
  const paths = unstable.flatMap((field) => PATHS_OF[field]);
  change.emit({ type: "user.flagged", data: { referenceId, userId, flag: "unstable_identity", paths }, private: null });
}

const FIELDS = ["name", "dob", "idNumber"] as const satisfies readonly IdentityFlip["field"][];

const PATHS_OF: { readonly [field in IdentityFlip["field"]]: readonly Path[] } = {
  name: ["name.firstName", "name.secondName", "name.lastName", "name.secondLastName"],
  dob: ["dob"],
  idNumber: ["idNumber"],
};

function fieldOf(path: Path): IdentityFlip["field"] | null {
  return FIELDS.find((field) => PATHS_OF[field].includes(path)) ?? null;
}

/** Null: the person has none. */
type Word = readonly [path: Path, value: FieldValue | null];

function isFlip(before: User, source: Source, [path, value]: Word): boolean {
  if (before.assertions[path]?.[source] === undefined) return false;
  const known = before.values[path]?.[source] ?? null;
  if (known === null || value === null) return known !== value;
  return similarityOf(path, canonicalForm(path, known), canonicalForm(path, value)) !== "cosmetic";
}
