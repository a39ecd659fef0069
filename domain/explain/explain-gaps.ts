import { isWaiting } from "../data-request/states.ts";
import { isActive } from "../link/states.ts";
import { isBefore } from "../time.ts";
import { askedFields } from "../user/required-fields.ts";
import type { ExplainedGap, Party } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/** S1, S2, B7, B15: each field that is wanted of the user, and who can give it now. */
export function explainGaps(moment: Moment): readonly ExplainedGap[] {
  const { user, partner, record, now } = moment;
  if (user.cip.isFinal || user.state === "cip_pending") return [];
  const request = record.dataRequests.find(({ status, expiresAt }) => isWaiting(status) && isBefore(now, expiresAt));
  const link = record.links.find((one) => isActive(one, now));
  return askedFields(user, partner.settings).map((path) => {
    const asked = request?.remainingFields.includes(path) ? request.dataRequestId : null;
    const linkId = link?.linkId ?? null;
    const who: readonly Party[] = linkId === null ? ["partner"] : ["partner", "user"];
    const reason = user.cip.dueFields[path] ?? null;
    return { path, who, sentence: SENTENCES.gap({ path, reason, dataRequestId: asked, linkId }) };
  });
}
