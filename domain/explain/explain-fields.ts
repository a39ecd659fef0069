import type { StoredAssertions, UserEvent } from "../events.ts";
import { canonicalForm } from "../user/canonical.ts";
import { type Conflict, conflictsOf } from "../user/conflicts.ts";
import { type Assertion, type FieldValue, PATHS, type Path, SOURCES, type Source } from "../user/fields.ts";
import { revealValue } from "../user/masking.ts";
import { type Winner, winnerOf } from "../user/precedence.ts";
import type { ExplainedConflict, ExplainedField, ExplainedLoser } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/** S7, A6, A7, A8: each path that somebody has spoken of: who wins and why, and every word that lost to what. */
export function explainFields(moment: Moment): readonly ExplainedField[] {
  return PATHS.flatMap((path) => {
    const winner = winnerOf(moment.user, path);
    return winner === null ? [] : explainField(moment, path, winner);
  });
}

/** A3, A8: what a person may want to look at. */
export function explainConflicts({ user }: Moment): readonly ExplainedConflict[] {
  return conflictsOf(user).map((conflict) => {
    if (conflict.kind === "mixed_pair") {
      const { kind, paths, sources } = conflict;
      return { kind, paths, sentence: SENTENCES.mixedPair(sources) };
    }
    return { kind: conflict.kind, paths: [conflict.path], sentence: SENTENCES.contradiction(conflict) };
  });
}

function explainField(moment: Moment, path: Path, winner: Winner): ExplainedField {
  const { source, assertion } = winner;
  const losers = [...outranked(moment, path, winner), ...replaced(moment, path)];
  const others = losers.filter(({ reason }) => reason === "outranked").length;
  const { at, sequence } = assertion;
  return {
    ...{ path, source, at, sequence },
    rank: SOURCES.indexOf(source) + 1,
    sentence: SENTENCES.winner({ path, source, at, sequence, isNone: assertion.notApplicable === true, others }),
    losers,
    ...shown(moment, winner.value),
  };
}

function outranked(moment: Moment, path: Path, winner: Winner): readonly ExplainedLoser[] {
  const { user } = moment;
  const conflicts = conflictsOf(user);
  return SOURCES.filter((source) => source !== winner.source).flatMap((source): readonly ExplainedLoser[] => {
    const assertion = user.assertions[path]?.[source];
    if (assertion === undefined) return [];
    const value = user.values[path]?.[source] ?? null;
    const similarity = conflicts.find((one) => isAbout(one, path, source))?.similarity ?? null;
    const { at, sequence } = assertion;
    const isSame = saysTheSame(path, winner.value, value);
    const facts = { source, at, sequence, winner: winner.source, similarity, isSame };
    const sentence = SENTENCES.outranked(facts);
    return [{ ...{ source, at, sequence, similarity, sentence }, reason: "outranked", ...shown(moment, value) }];
  });
}

function isAbout(conflict: Conflict, path: Path, source: Source): conflict is Conflict & { kind: "contradiction" } {
  return conflict.kind === "contradiction" && conflict.path === path && conflict.losingSource === source;
}

function saysTheSame(path: Path, one: FieldValue | null, other: FieldValue | null): boolean {
  if (one === null || other === null) return one === other;
  return canonicalForm(path, one) === canonicalForm(path, other);
}

/** Words of the history after which the same source said something newer, newest first. */
function replaced(moment: Moment, path: Path): readonly ExplainedLoser[] {
  const isCurrent = (source: Source, sequence: number) => moment.user.assertions[path]?.[source]?.sequence === sequence;
  const taken = moment.history.flatMap((event) => wordAbout(event, path) ?? []);
  return taken
    .filter(({ source, sequence }) => !isCurrent(source, sequence))
    .map(({ source, at, sequence, value }): ExplainedLoser => {
      const newer = moment.user.assertions[path]?.[source];
      const sentence = SENTENCES.replaced({ source, at, sequence, newer: newer?.sequence ?? null });
      return { ...{ source, at, sequence, sentence }, reason: "replaced", similarity: null, ...shown(moment, value) };
    })
    .reverse();
}

interface Word extends Pick<Assertion, "at" | "sequence"> {
  readonly source: Source;
  readonly value: FieldValue | null;
}

function wordAbout(event: UserEvent, path: Path): Word | null {
  const stored = storedWith(event);
  const isNone = stored?.notApplicable.some((one) => one === path) ?? false;
  const value = stored?.values[path] ?? null;
  if (stored === null || (value === null && !isNone)) return null;
  return { source: stored.source, at: event.at, sequence: event.sequence, value };
}

function storedWith(event: UserEvent): StoredAssertions | null {
  return event.type === "user.created" || event.type === "user.data_updated" ? event.private.assertions : null;
}

function shown({ isRevealed }: Moment, value: FieldValue | null): { readonly value?: unknown } {
  if (!isRevealed) return {};
  return { value: value === null ? null : revealValue(value) };
}
