import type { UserRecord } from "../../domain/decision.ts";
import { sessionOf } from "../../domain/link/session.ts";
import type { PartnerSettings } from "../../domain/partner.ts";
import { insist } from "./violation.ts";

/** What readers are shown can be worked out for every link of the user, at any time: it never throws. */
export function checkReads(record: UserRecord, settings: PartnerSettings, now: string): void {
  const { user, links, operations } = record;
  if (user === null) return;
  for (const link of links) {
    const operation = operations.findLast(({ linkId }) => linkId === link.linkId) ?? null;
    const { steps, status } = sessionOf({ link, user, operation, settings, now });
    const isOver = status === "expired" || status === "revoked";
    insist(!isOver || steps.length === 0, "C7", () => `a link that is ${status} shows ${steps.join(", ")}`);
  }
}
