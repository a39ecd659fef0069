import type { Operation } from "../operation/operation.ts";
import { isOpen } from "../operation/states.ts";
import type { PartnerSettings } from "../partner.ts";
import type { Path } from "../user/fields.ts";
import { maskValue } from "../user/masking.ts";
import { winnersOf } from "../user/precedence.ts";
import { askedFields } from "../user/required-fields.ts";
import type { User, UserState } from "../user/user.ts";
import { isCurrentlyVerified } from "../user/verification.ts";
import type { Language, Link, LinkStatus } from "./link.ts";
import { statusAt } from "./states.ts";

export type Step = "open" | "data" | "cip" | "payment_method" | "confirm" | "done";

/** What the page behind a link shows now (api.md section 4). */
export interface Session {
  readonly linkId: string;
  readonly status: LinkStatus;
  readonly version: number;
  readonly steps: readonly Step[];
  readonly missingFields: readonly Path[];
  readonly prefilled: { readonly [path in Path]?: unknown };
  readonly userState: UserState;
  readonly language: Language | null;
  readonly theme: string | null;
  readonly expiresAt: string;
}

export interface SessionFacts {
  readonly link: Link;
  readonly user: User;
  /** The newest operation of this link, if any. */
  readonly operation: Operation | null;
  readonly settings: PartnerSettings;
  readonly now: string;
}

/** The session of a link; reading it changes nothing (C6). Values are masked. */
export function sessionOf(facts: SessionFacts): Session {
  const { link, user, settings, now } = facts;
  const prefilled: { [path in Path]?: unknown } = {};
  for (const [path, winner] of Object.entries(winnersOf(user)) as [Path, { value: unknown }][]) {
    if (winner.value !== null) prefilled[path] = maskValue(path, winner.value as never);
  }
  return {
    linkId: link.linkId,
    status: statusAt(link, now),
    version: link.widgetVersion,
    steps: stepsOf(facts),
    missingFields: askedFields(user, settings),
    prefilled,
    userState: user.state,
    language: link.language,
    theme: link.theme,
    expiresAt: link.expiresAt,
  };
}

/**
 * S4: only what is still to do, in order; a verified user goes straight to the transaction. One who has to be checked
 * again sees the re-check, and may go on all the same (B5); what a grown policy wants is asked for (B7).
 */
export function stepsOf(facts: SessionFacts): readonly Step[] {
  const { link, user, operation, settings, now } = facts;
  const status = statusAt(link, now);
  if (status === "completed") return ["done"];
  if (status === "expired" || status === "revoked") return [];
  if (operation !== null && isOpen(operation.status)) return ["done"];
  const steps: Step[] = status === "created" ? ["open"] : [];
  if (user.cip.isFinal) return steps;
  if (user.state !== "cip_pending" && askedFields(user, settings).length > 0) steps.push("data");
  if (!isCurrentlyVerified(user)) steps.push("cip");
  if (winnersOf(user).paymentMethod === undefined) steps.push("payment_method");
  return [...steps, "confirm", "done"];
}
