import type { UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { explain } from "../../domain/explain/explain.ts";
import { sessionOf } from "../../domain/link/session.ts";
import type { PartnerSnapshot } from "../../domain/partner.ts";
import { FIELD_VALUE } from "../field-values.ts";
import { insist, Violation } from "./violation.ts";

/** When and for whom something is read. */
export interface Reading {
  readonly partner: PartnerSnapshot;
  readonly now: string;
}

/** C7: what the page behind each link of the user shows can be worked out at any time; of one that is over, nothing. */
export function checkSessions({ user, links, operations }: UserRecord, { partner, now }: Reading): void {
  if (user === null) return;
  for (const link of links) {
    const operation = operations.findLast(({ linkId }) => linkId === link.linkId) ?? null;
    const { settings } = partner;
    const { steps, status } = succeeding("session", () => sessionOf({ link, user, operation, settings, now }));
    const isOver = status === "expired" || status === "revoked";
    insist(!isOver || steps.length === 0, "C7", () => `a link that is ${status} shows ${steps.join(", ")}`);
  }
}

/** Any history can be explained, at its end and at any earlier event, and no value of a field is part of it. */
export function checkExplanation(history: readonly UserEvent[], reading: Reading, sequence: number): void {
  for (const at of [{}, { sequence }]) {
    const explanation = succeeding("explain", () => explain({ history, ...reading, ...at }));
    const text = JSON.stringify(explanation) ?? "";
    const value = FIELD_VALUE.exec(text);
    insist(value === null, "H3", () => `an explanation holds a value: ${text.slice(value?.index).slice(0, 60)}`);
  }
}

function succeeding<Result>(property: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const detail = error instanceof Error ? error.message : "something that is no error was thrown";
    throw new Violation(detail, { property, cause: error });
  }
}
