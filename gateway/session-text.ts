import { isEnded, statusAt } from "../domain/link/states.ts";
import { addressKey } from "../domain/user/address-key.ts";
import type { Clock } from "../runtime/clock.ts";
import { isoTime } from "./iso-time.ts";
import type { Reads } from "./reads.ts";
import type { SessionText } from "./session-streams.ts";
import { sessionView } from "./views/session-view.ts";

/** Reads sessions as the text that their streams send; one that is over can change no more. */
export function createReadSessionText({ reads, clock }: { readonly reads: Reads; readonly clock: Clock }) {
  return async (linkId: string): Promise<SessionText | null> => {
    const facts = await reads.findWidgetSession(linkId);
    if (facts === null) return null;
    const now = isoTime(clock);
    return {
      json: JSON.stringify(sessionView({ ...facts, now })),
      userKey: addressKey(facts.address),
      isOver: isEnded(statusAt(facts.link, now)),
    };
  };
}
