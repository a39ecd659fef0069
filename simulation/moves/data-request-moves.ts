import { isWaiting } from "../../domain/data-request/states.ts";
import { saying, someData } from "../field-values.ts";
import { type Move, someOf } from "../move.ts";

/** The partner's server, which answers what it was asked, again, late, for somebody else, or something else. */
export const DATA_REQUEST_MOVES: readonly Move[] = [
  {
    type: "AnswerDataRequest",
    actor: "partner",
    weight: ({ record: { dataRequests } }) => {
      if (dataRequests.some(({ status }) => isWaiting(status))) return 6;
      return dataRequests.length > 0 ? 1 : 0.1;
    },
    say: ({ random, record, partner, referenceId }) => {
      const request = random.chance(0.95) ? someOf(random, record.dataRequests) : undefined;
      const asked = random.chance(0.5) ? (request?.remainingFields ?? []) : (request?.requiredFields ?? []);
      const { input, values } = random.chance(0.6) ? saying(random, asked) : someData(random, asked);
      const payload = {
        dataRequestId: request?.dataRequestId ?? `dr_${partner.partner}_none`,
        statedReferenceId: random.pick([null, null, referenceId, referenceId, referenceId, "somebody_else"]),
        userData: input,
      };
      return { payload, values };
    },
  },
];
