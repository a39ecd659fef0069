import { explain } from "../../domain/explain/explain.ts";
import type { PartnerSnapshot } from "../../domain/partner.ts";
import type { ExplainUserQuery } from "../../schemas/generated.ts";
import type { WebhookEndpoint } from "../../storage/configuration/webhook-endpoints.ts";
import { isoTime } from "../iso-time.ts";
import { knownAddress } from "../known-address.ts";
import { checkedQuery, isRevealed } from "../list-input.ts";
import { success } from "../reply.ts";
import { notFound, RequestRefused } from "../request-refused.ts";
import type { Caller, PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

/**
 * GET /partner/users/{referenceId}/explain: why every value won and why the user is in its state, now or right after the
 * event `at`; worked out from the history. Values only with `reveal` and `pii:read`. Refuses an `at` that the history does
 * not have with INVALID_REQUEST.
 */
export function explainUserRoute({ validate, reads, clock }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/explain-user");
  return {
    method: "GET",
    path: "/partner/users/:referenceId/explain",
    name: "/partner/users/{referenceId}/explain",
    describe: {
      summary: "Why each value won and why the user is in its state",
      query: "http/queries/explain-user",
      answer: "http/answers/explanation",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params, query }) => {
      const given = checkedQuery<ExplainUserQuery>(query, validateQuery);
      const reveal = isRevealed(caller, given);
      const address = knownAddress(caller, params["referenceId"]);
      const [history, known] = await Promise.all([reads.readFullHistory(address), reads.listEndpoints(caller)]);
      if (history === null) throw notFound();
      const userId = history[0]?.userId ?? "";
      const isDuplicateSuspected = (await reads.findSuspectedDuplicates([userId])).has(userId);
      const partner = snapshotOf(caller, known);
      const at = given.at === undefined ? {} : { sequence: given.at };
      const explanation = explain({
        history,
        partner,
        now: isoTime(clock),
        isRevealed: reveal,
        isDuplicateSuspected,
        ...at,
      });
      if (explanation === null) throw refuseSequence(history.length);
      return success(200, explanation);
    },
  };
}

/** The partner as the writer would see it now: who calls is not suspended. */
function snapshotOf({ partner, environment, settings }: Caller, known: readonly WebhookEndpoint[]): PartnerSnapshot {
  const endpoints = known.filter(({ status }) => status !== "disabled").map(({ events }) => ({ events }));
  return { partner, environment, isSuspended: false, settings, endpoints };
}

function refuseSequence(last: number): RequestRefused {
  const message = `The at field must be a sequence of this user's history, 1 to ${last}`;
  const details = [{ path: "at", code: "unknown_sequence", message }];
  return new RequestRefused("INVALID_REQUEST", { message, facts: { details } });
}
