import type { StoredAssertions, UserEvent } from "../events.ts";
import type { Assertion, FieldValue, Path, Source } from "./fields.ts";
import { flipsAfter } from "./identity-flips.ts";
import { NO_CIP } from "./no-cip.ts";
import type { User } from "./user.ts";

/** The user after an event, its CIP part excepted (domain/cip/evolve-cip.ts). */
export function evolveUser(user: User | null, event: UserEvent): User {
  const before = event.type === "user.created" ? newUser(event) : user;
  if (before === null) throw new Error(`event ${event.eventId} of a user that was never created`);
  return {
    ...withContent(before, event),
    version: event.userVersion,
    lastSequence: event.sequence,
    lastAt: event.at,
    updatedAt: event.at,
  };
}

function withContent(user: User, event: UserEvent): User {
  switch (event.type) {
    case "user.created":
      return event.private.assertions === null ? user : withAssertions(user, event.private.assertions, event);
    case "user.data_updated":
      return {
        ...withoutRemoved(withAssertions(user, event.private.assertions, event), event),
        identityFlips: flipsAfter(user, event),
      };
    case "user.state_changed":
      return { ...user, state: event.data.to };
    case "user.flagged":
      return { ...user, flags: [...user.flags, { flag: event.data.flag, at: event.at, paths: event.data.paths }] };
    case "user.reviewed":
      return event.data.decision === "reopen" ? user : { ...user, flags: [], identityFlips: [] };
    default:
      return user;
  }
}

function newUser(event: UserEvent & { readonly type: "user.created" }): User {
  return {
    ...event.address,
    userId: event.userId,
    state: event.data.state,
    version: 0,
    lastSequence: 0,
    lastAt: event.at,
    createdAt: event.at,
    updatedAt: event.at,
    assertions: {},
    values: {},
    cip: NO_CIP,
    verifiedValues: {},
    verifiedNotApplicable: [],
    flags: [],
    identityFlips: [],
  };
}

/**
 * A7, A8: the newest word of a source replaces its older one; words of other sources stay. Newest is by sequence, never
 * by arrival (P1).
 */
function withAssertions(user: User, stored: StoredAssertions, event: UserEvent): User {
  const { source, notApplicable } = stored;
  const assertions: { [path in Path]?: User["assertions"][path] } = { ...user.assertions };
  const values: { [path in Path]?: User["values"][path] } = { ...user.values };
  const made: Assertion = { sequence: event.sequence, at: event.at };
  const isNewest = (path: Path): boolean => (assertions[path]?.[source]?.sequence ?? 0) <= event.sequence;
  for (const [path, value] of (Object.entries(stored.values) as [Path, FieldValue][]).filter(([it]) => isNewest(it))) {
    assertions[path] = { ...assertions[path], [source]: made };
    values[path] = { ...values[path], [source]: value };
  }
  for (const path of notApplicable.filter(isNewest)) {
    assertions[path] = { ...assertions[path], [source]: { ...made, notApplicable: true } };
    const { [source]: _replaced, ...others } = values[path] ?? {};
    values[path] = others;
  }
  return { ...user, assertions, values };
}

/** A4: the source's own word goes, if it is not newer than the event; those of other sources stay. */
function withoutRemoved(user: User, event: UserEvent & { readonly type: "user.data_updated" }): User {
  const { source } = event.private.assertions;
  const removed = (event.private.removed ?? []).filter(
    (path) => (user.assertions[path]?.[source]?.sequence ?? event.sequence) <= event.sequence,
  );
  if (removed.length === 0) return user;
  return {
    ...user,
    assertions: without(user.assertions, removed, source),
    values: without(user.values, removed, source),
  };
}

type BySource<Kept> = { readonly [path in Path]?: { readonly [source in Source]?: Kept } };

/** A path of which nobody says anything any more is gone. */
function without<Kept>(all: BySource<Kept>, paths: readonly Path[], source: Source): BySource<Kept> {
  const kept: { [path in Path]?: { readonly [source in Source]?: Kept } } = { ...all };
  for (const path of paths) {
    const { [source]: _removed, ...others } = all[path] ?? {};
    if (Object.keys(others).length === 0) delete kept[path];
    else kept[path] = others as { readonly [source in Source]?: Kept };
  }
  return kept;
}
