import type { ListWebhookEndpointsQuery } from "../../schemas/generated.ts";
import { checkedQuery, pagedView, pageOf } from "../list-input.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { endpointView } from "../views/endpoint-view.ts";

/** GET /partner/webhook-endpoints: newest first; disabled ones too. */
export function listWebhookEndpointsRoute({ validate, reads }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-webhook-endpoints");
  return {
    method: "GET",
    path: "/partner/webhook-endpoints",
    name: "/partner/webhook-endpoints",
    describe: {
      summary: "Webhook endpoints, newest first",
      query: "http/queries/list-webhook-endpoints",
      answer: "http/answers/webhook-endpoints",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const page = pageOf(checkedQuery<ListWebhookEndpointsQuery>(query, validateQuery));
      const all = await reads.listEndpoints(caller);
      const first = (page.page - 1) * page.limit;
      const items = all.slice(first, first + page.limit);
      return success(200, pagedView({ items, total: all.length }, page, endpointView));
    },
  };
}
