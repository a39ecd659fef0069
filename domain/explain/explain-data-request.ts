import type { UserEvent } from "../events.ts";
import { replay } from "../evolve.ts";
import type { Link } from "../link/link.ts";
import { askedFields } from "../user/required-fields.ts";
import { wouldReceive } from "../webhook/subscriptions.ts";
import type { ExplainedDataRequest } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/** S2, D10: what became of the newest link's data request, or why there is none. */
export function explainDataRequest(moment: Moment): ExplainedDataRequest {
  const link = moment.record.links.at(-1);
  if (link === undefined) return { dataRequestId: null, sentence: SENTENCES.noLinkYet };
  const sent = moment.record.dataRequests.findLast(({ linkId }) => linkId === link.linkId);
  if (sent !== undefined)
    return { dataRequestId: sent.dataRequestId, sentence: SENTENCES.dataRequest[sent.status](sent) };
  return { dataRequestId: null, sentence: SENTENCES.noDataRequest[reasonOf(moment, link)](link.linkId) };
}

type Reason = keyof typeof SENTENCES.noDataRequest;

/** The order of domain/data-request/raise.ts, on the user as it was when the request would have been made. */
function reasonOf(moment: Moment, link: Link): Reason {
  const { partner, history } = moment;
  const trigger = partner.settings.dataRequestTrigger === "on_open" ? "link.opened" : "link.created";
  const until = history.findIndex((event) => event.type === trigger && linkIdOf(event) === link.linkId);
  if (until < 0) return "waitsForOpening";
  const { user } = replay(history.slice(0, endOfCommand(history, until)));
  if (user === null || user.state === "cip_pending") return "checkRunning";
  // The state says what was missing then, whatever the partner's required fields are now.
  if (user.state === "data_complete" || askedFields(user, partner.settings).length === 0) return "nothingMissing";
  const audience = { endpoints: partner.endpoints, callbackUrl: link.callbackUrl };
  return wouldReceive("user.data_request", audience) ? "nobodyToTellThen" : "nobodyToTell";
}

/** The number of events up to the last one of the same command. */
function endOfCommand(history: readonly UserEvent[], index: number): number {
  const commandId = history[index]?.commandId;
  return 1 + history.findLastIndex((event) => event.commandId === commandId);
}

function linkIdOf({ data }: UserEvent): string | null {
  return "linkId" in data ? data.linkId : null;
}
