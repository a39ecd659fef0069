import { evolveAttempts, evolveCip } from "./cip/evolve-cip.ts";
import { evolveVerification } from "./cip/evolve-verification.ts";
import { evolveDataRequests } from "./data-request/evolve-data-requests.ts";
import type { UserRecord } from "./decision.ts";
import type { UserEvent } from "./events.ts";
import { evolveLinks } from "./link/evolve-links.ts";
import { evolveOperations } from "./operation/evolve-operations.ts";
import { evolveUser } from "./user/evolve-user.ts";

/** A user nobody has heard of yet. */
export const UNKNOWN_USER: UserRecord = {
  user: null,
  links: [],
  dataRequests: [],
  attempts: [],
  operations: [],
  heldResults: [],
};

/**
 * The record after an event. The only way in which a user, its links, data requests, attempts and operations ever
 * change, so that replaying a history gives exactly what is stored (P5).
 */
export function evolve(record: UserRecord, event: UserEvent): UserRecord {
  const known = evolveUser(record.user, event);
  const checked = { ...known, cip: evolveCip(known, event) };
  const user = evolveVerification(checked, record.attempts, event);
  return {
    ...record,
    user,
    links: evolveLinks(record.links, event),
    dataRequests: evolveDataRequests(record.dataRequests, user, event),
    attempts: evolveAttempts(record.attempts, event),
    operations: evolveOperations(record.operations, event),
  };
}

/** P5: the user as its whole history tells it, private parts included. */
export function replay(history: readonly UserEvent[]): UserRecord {
  return history.reduce(evolve, UNKNOWN_USER);
}
