import type { UserEvent } from "../../domain/events.ts";
import { evolveUser } from "../../domain/user/evolve-user.ts";
import { PATHS } from "../../domain/user/fields.ts";
import { winnersOf } from "../../domain/user/precedence.ts";
import type { User } from "../../domain/user/user.ts";
import { differenceOf } from "../same.ts";
import { insist } from "./violation.ts";

type Data = Pick<User, "assertions" | "values">;

/**
 * P1: the same assertions in another order, some of them twice, give the same winners. A field that was taken back is
 * no assertion: a history that has one is left out.
 */
export function checkOrder(history: readonly UserEvent[], shuffled: readonly UserEvent[]): void {
  const [created] = history;
  if (created === undefined || history.some(hasRemoval)) return;
  const begin: User = { ...evolveUser(null, created), assertions: {}, values: {} };
  const told = winnersAfter(begin, history);
  const toldOtherwise = winnersAfter(begin, [...shuffled, ...shuffled.slice(0, shuffled.length / 2)]);
  insist(differenceOf(told, toldOtherwise) === null, "P1", () => differenceOf(told, toldOtherwise) ?? "");
}

function winnersAfter(begin: User, history: readonly UserEvent[]): ReturnType<typeof winnersOf> {
  const events = history.filter(({ type }) => type === "user.created" || type === "user.data_updated");
  return winnersOf(events.reduce<Data>((user, event) => withWords(begin, user, event), begin));
}

/** A user.created starts a user anew: its words count as any other's here. */
function withWords(begin: User, { assertions, values }: Data, event: UserEvent): Data {
  const words = event.private !== null && "assertions" in event.private ? event.private.assertions : null;
  if (words === null) return { assertions, values };
  const said = { ...event, type: "user.data_updated", data: { ...event.data, paths: PATHS } } as UserEvent;
  return evolveUser({ ...begin, assertions, values }, said);
}

function hasRemoval({ private: hidden }: UserEvent): boolean {
  return hidden !== null && "removed" in hidden && hidden.removed !== undefined;
}
