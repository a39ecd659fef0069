import type { ListWebhookDeliveriesQuery } from "../../schemas/generated.ts";
import { checkedQuery, pageOf, refuseCursor } from "../list-input.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

/** GET /partner/webhook-deliveries: newest first, each with its attempts (H6); `cursor` goes on behind a page. */
export function listWebhookDeliveriesRoute({ validate, reads }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-webhook-deliveries");
  return {
    method: "GET",
    path: "/partner/webhook-deliveries",
    name: "/partner/webhook-deliveries",
    describe: {
      summary: "Webhook deliveries with their attempts, newest first",
      query: "http/queries/list-webhook-deliveries",
      answer: "http/answers/webhook-deliveries",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const given = checkedQuery<ListWebhookDeliveriesQuery>(query, validateQuery);
      const { endpoint: endpointId = null, status = null, event = null, cursor = null } = given;
      const { limit } = pageOf(given);
      const page = await reads.listWebhookDeliveries(caller, { endpointId, status, event, cursor, limit });
      if (page === null) throw refuseCursor();
      return success(200, page);
    },
  };
}
