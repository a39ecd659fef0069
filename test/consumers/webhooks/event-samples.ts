import { newId } from "../../../runtime/ids.ts";
import type { UserEventMessage } from "../../../schemas/generated.ts";
import { PARTNER, SCOPE } from "./stage.ts";

/** One user whose events are made up one after the other, with rising sequence. */
export function eventsOfUser(referenceId: string) {
  const userId = newId("user", PARTNER);
  let sequence = 0;
  const envelope = () => {
    sequence += 1;
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, sequence)).toISOString();
    const commandId = newId("evt", PARTNER).replace("evt_", "cmd_");
    return {
      ...SCOPE,
      eventId: newId("evt", PARTNER),
      at,
      referenceId,
      userId,
      sequence,
      userVersion: sequence,
      commandId,
    };
  };
  return {
    stateChanged: (): UserEventMessage => ({
      ...envelope(),
      type: "user.state_changed",
      data: { referenceId, userId, from: "pending", to: "data_incomplete", reason: "data_request" },
    }),
    linkProgressed: (linkId: string): UserEventMessage => ({
      ...envelope(),
      type: "link.in_progress",
      data: { linkId, referenceId, status: "in_progress", at: "2026-01-01T00:00:00.000Z" },
    }),
    resultRecorded: (): UserEventMessage => ({
      ...envelope(),
      type: "user.cip_result_recorded",
      data: { referenceId, userId, attemptId: newId("cip", PARTNER), outcome: "abandoned", effect: "applied" },
    }),
  };
}
