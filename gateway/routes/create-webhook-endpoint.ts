import type { CreateWebhookEndpointBody } from "../../schemas/generated.ts";
import { createEndpoint, MAX_ENDPOINTS } from "../../storage/configuration/webhook-endpoints.ts";
import { checkedInput, unknownFields } from "../check-input.ts";
import { failure, success } from "../reply.ts";
import { RequestRefused } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { webhookUrlProblems } from "../url-input.ts";
import { endpointView } from "../views/endpoint-view.ts";

/** POST /partner/webhook-endpoints: the very next command sees the endpoint; its secret is shown only here. */
export function createWebhookEndpointRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn, sealing } = dependencies;
  const validate = dependencies.validate("http/create-webhook-endpoint");
  const rules = (body: { readonly url?: unknown }) => webhookUrlProblems("url", body.url, dependencies);
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
    answer: (request) => {
      const body = checkedInput<CreateWebhookEndpointBody>(request.body, { validate, rules });
      const { url, events = null, description = null, schedule = null, rateLimit = null, strictOrder = false } = body;
      return configureOwn(request, async (unit, now) => {
        const endpoint = { url, events, description, schedule, rateLimit, strictOrder };
        const created = await createEndpoint(unit, { scope: request.caller, endpoint }, { sealing, now });
        if (created === null) return failure(TOO_MANY, request.requestId);
        const warnings = unknownFields(body, KNOWN);
        return success(201, { ...endpointView(created.endpoint), secret: created.secret, warnings });
      });
    },
  };
}

const TOO_MANY_MESSAGE = `The url field cannot be added: there are already ${MAX_ENDPOINTS} webhook endpoints, which is the most; delete one first`;

const TOO_MANY = new RequestRefused("INVALID_REQUEST", {
  message: TOO_MANY_MESSAGE,
  facts: { details: [{ path: "url", code: "too_many", message: TOO_MANY_MESSAGE }] },
});

const KNOWN: Readonly<Record<keyof CreateWebhookEndpointBody, true>> = {
  url: true,
  events: true,
  description: true,
  schedule: true,
  rateLimit: true,
  strictOrder: true,
};
