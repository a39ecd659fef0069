import type { CreateWebhookEndpointBody } from "../../schemas/generated.ts";
import { type CreatedEndpoint, MAX_ENDPOINTS } from "../../storage/configuration/webhook-endpoints.ts";
import { canonicalHash } from "../canonical-hash.ts";
import { checkedInput, unknownFields, type Warning } from "../check-input.ts";
import { idempotencyKeyOf, replayed } from "../command-writer.ts";
import { urlProblems } from "../link-input.ts";
import { failure, type Reply, success } from "../reply.ts";
import { RequestRefused } from "../request-refused.ts";
import type { PartnerRequest, PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { endpointView } from "../views/endpoint-view.ts";

/** POST /partner/webhook-endpoints: the very next command sees the endpoint; its secret is shown only here. */
export function createWebhookEndpointRoute(dependencies: RouteDependencies): PartnerRoute {
  const { endpoints } = dependencies;
  const validate = dependencies.validate("http/create-webhook-endpoint");
  const rules = (body: { readonly url?: unknown }) => urlProblems("url", body.url, dependencies);
  return {
    method: "POST",
    path: "/partner/webhook-endpoints",
    name: "/partner/webhook-endpoints",
    describe: {
      summary: "Add a webhook endpoint; its secret is shown only here",
      body: "http/create-webhook-endpoint",
      answer: "http/answers/webhook-endpoint-created",
      status: 201,
      errors: ["INVALID_REQUEST", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: async (request) => {
      const body = checkedInput<CreateWebhookEndpointBody>(request.body, { validate, rules });
      const { url, events = null, description = null, schedule = null, rateLimit = null } = body;
      const key = idempotencyKeyOf(request, request.caller);
      const written = await endpoints.add({
        scope: request.caller,
        endpoint: { url, events, description, schedule, rateLimit },
        key: key === null ? null : { ...key, bodyHash: canonicalHash(request.body) },
        reply: (created) => replyOf(created, request, unknownFields(body, KNOWN)),
      });
      if (written.kind === "reused") throw new RequestRefused("IDEMPOTENCY_KEY_REUSED");
      return written.kind === "answered" ? replayed(written) : written.reply;
    },
  };
}

function replyOf(created: CreatedEndpoint, request: PartnerRequest, warnings: readonly Warning[]): Reply {
  if (created === null) return failure(new RequestRefused("INVALID_REQUEST", { message: TOO_MANY }), request.requestId);
  const { disabledReason: _, ...view } = endpointView(created.endpoint);
  return success(201, { ...view, secret: created.secret, warnings });
}

const TOO_MANY = `There are already ${MAX_ENDPOINTS} webhook endpoints, which is the most`;

const KNOWN: Readonly<Record<keyof CreateWebhookEndpointBody, true>> = {
  url: true,
  events: true,
  description: true,
  schedule: true,
  rateLimit: true,
};
