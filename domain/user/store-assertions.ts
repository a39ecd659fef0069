import type { Change } from "../change.ts";
import type { StoredAssertions } from "../events.ts";
import { canonicalForm } from "./canonical.ts";
import { afterDataChanged, notInEvidence } from "./data-changed.ts";
import type { FieldValue, IgnoredField, NotApplicablePath, Path, Source, UserDataInput, Values } from "./fields.ts";
import { outranks, winningSource } from "./precedence.ts";
import { statedValue } from "./stated-value.ts";
import type { User } from "./user.ts";

/** userData from one source, on its way into a user. */
export interface OfferedData {
  readonly source: Source;
  readonly input: UserDataInput;
  readonly values: Values;
  /** D4: only these paths may be applied; null for a source that may say anything. */
  readonly allowedPaths: readonly Path[] | null;
  readonly dataRequestId: string | null;
  readonly widgetLinkId: string | null;
  readonly isLate: boolean;
  /** Why an operator says so (A11). */
  readonly reason?: string;
}

/**
 * Stores what is new and says what was not applied (A3–A8, D4). Each leaf stands for itself (A1); an equal word of the
 * same source is no change (A5); a word that a higher source contradicts is kept and loses (A8), which is looked at
 * before whether it was asked for (D4). One event at most.
 */
export function storeAssertions(change: Change, offered: OfferedData): readonly IgnoredField[] {
  const user = change.user();
  const ignored: IgnoredField[] = offered.input.empty.map((path) => ({ path, reason: "empty_value" }));
  const values: { [path in Path]?: FieldValue } = {};
  const notApplicable: NotApplicablePath[] = [];
  for (const word of wordsOf(offered)) {
    const verdict = judge(user, offered, word);
    if (verdict.ignored !== null) ignored.push(verdict.ignored);
    if (!verdict.isStored) continue;
    if (saysTheSame(user, offered.source, word)) change.confirm(word.path, offered.source);
    else if (word.value === null) notApplicable.push(word.path);
    else values[word.path] = word.value;
  }
  if (Object.keys(values).length + notApplicable.length > 0) {
    emitUpdate(change, offered, { source: offered.source, values, notApplicable });
  }
  return ignored;
}

/** A value, or "has none", which only some paths can have (A4). */
type Word =
  | { readonly path: Path; readonly value: FieldValue }
  | { readonly path: NotApplicablePath; readonly value: null };

function wordsOf({ input, values }: OfferedData): readonly Word[] {
  const given = input.paths.map((path): Word => ({ path, value: statedValue(values, path) }));
  return [...given, ...input.notApplicable.map((path): Word => ({ path, value: null }))];
}

function judge(user: User, offered: OfferedData, word: Word): { isStored: boolean; ignored: IgnoredField | null } {
  const { path } = word;
  const winning = winningSource(user.assertions, path);
  if (winning !== null && outranks(winning, offered.source)) {
    const isContradicted = !saysTheSame(user, winning, word);
    const ignored: IgnoredField = { path, reason: "lower_precedence", winningSource: winning };
    return { isStored: true, ignored: isContradicted ? ignored : null };
  }
  const isAllowed = offered.allowedPaths === null || offered.allowedPaths.includes(path);
  return { isStored: isAllowed, ignored: isAllowed ? null : { path, reason: "not_requested" } };
}

/** A5: whether a source has already said this. */
function saysTheSame(user: User, source: Source, { path, value }: Word): boolean {
  const assertion = user.assertions[path]?.[source];
  if (assertion === undefined) return false;
  const known = user.values[path]?.[source];
  if (value === null || known === undefined) return value === null && assertion.notApplicable === true;
  return canonicalForm(path, known) === canonicalForm(path, value);
}

function emitUpdate(change: Change, offered: OfferedData, assertions: StoredAssertions): void {
  const user = change.user();
  const stored = [...(Object.keys(assertions.values) as Path[]), ...assertions.notApplicable];
  const isShadowed = (path: Path): boolean => {
    const winning = winningSource(user.assertions, path);
    return winning !== null && outranks(winning, offered.source);
  };
  const changedPaths = stored.filter((path) => !isShadowed(path));
  change.emit({
    type: "user.data_updated",
    data: {
      referenceId: user.referenceId,
      userId: user.userId,
      paths: changedPaths,
      shadowedPaths: stored.filter(isShadowed),
      source: offered.source,
      state: user.state,
      ...(offered.isLate ? { late: true as const } : {}),
      ...notInEvidence(change, changedPaths),
    },
    private: {
      assertions,
      dataRequestId: offered.dataRequestId,
      widgetLinkId: offered.widgetLinkId,
      ...(offered.reason === undefined ? {} : { reason: offered.reason }),
    },
  });
  afterDataChanged(change, offered.source, changedPaths);
}
