import type { DataRequest } from "../data-request/data-request.ts";
import type { Link } from "../link/link.ts";
import { missingFields } from "../user/required-fields.ts";
import { wouldReceive } from "../webhook/subscriptions.ts";
import type { ExplainedDataRequest } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/** S2, D10: what became of the newest link's data request, or why there is none. */
export function explainDataRequest(moment: Moment): ExplainedDataRequest {
  const link = moment.record.links.at(-1);
  if (link === undefined) return { dataRequestId: null, sentence: SENTENCES.noLinkYet };
  const sent = moment.record.dataRequests.findLast(({ linkId }) => linkId === link.linkId);
  if (sent !== undefined) return { dataRequestId: sent.dataRequestId, sentence: toldOf(sent) };
  return { dataRequestId: null, sentence: SENTENCES.noDataRequest[reasonOf(moment, link)](link.linkId) };
}

function toldOf({ dataRequestId, linkId, status, requiredFields, remainingFields }: DataRequest): string {
  return SENTENCES.dataRequest[status]({ dataRequestId, linkId, requiredFields, remainingFields });
}

type Reason = keyof typeof SENTENCES.noDataRequest;

/** The order of domain/data-request/raise.ts, judged at the moment at which the request would have been made. */
function reasonOf(moment: Moment, link: Link): Reason {
  const { partner, record, history, user } = moment;
  const isLater = partner.settings.dataRequestTrigger === "on_open" && link.openedAt === null;
  if (isLater) return "waitsForOpening";
  const stateThen = stateWhen(moment, link.openedAt ?? link.createdAt);
  if (stateThen === "cip_pending") return "checkRunning";
  if (stateThen === "cip_verified") return "verified";
  const isUnaware = !wouldReceive("user.data_request", { endpoints: partner.endpoints, callbackUrl: link.callbackUrl });
  const isMissingNow = missingFields(user, partner.settings).length > 0;
  if (!isMissingNow && record.dataRequests.length === 0 && !wasIncomplete(history, link)) return "nothingMissing";
  if (isUnaware) return "nobodyToTell";
  return isMissingNow ? "nobodyToTellThen" : "nothingMissing";
}

/** The user's state when something happened, before what it caused. */
function stateWhen({ history }: Moment, at: string): string {
  const moves = history.filter((event) => event.at <= at && event.type === "user.state_changed");
  const last = moves.at(-1);
  return last?.type === "user.state_changed" ? last.data.to : "pending";
}

/** Whether the user lacked data once this link was made. */
function wasIncomplete(history: Moment["history"], link: Link): boolean {
  return history.some((event) => event.type === "user.state_changed" && event.at >= link.createdAt && event.data.from === "data_incomplete");
}
