import type { Problem } from "../../../domain/refusals.ts";
import type { ChangeWebhookEndpointBody } from "../../../schemas/generated.ts";
import { changeEndpoint, type EndpointChanges } from "../../../storage/configuration/webhook-endpoint-changes.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { webhookUrlProblems } from "../../url-input.ts";
import { endpointView } from "../../views/endpoint-view.ts";

/** PATCH /partner/webhook-endpoints/{endpointId}: what is left out stays; the very next command sees the change. */
export function changeEndpointRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn } = dependencies;
  const validate = dependencies.validate("http/change-webhook-endpoint");
  const rules = ({ url, ...rest }: Readonly<Record<string, unknown>>) => [
    ...webhookUrlProblems("url", url, dependencies),
    ...contradictions(rest),
  ];
  return {
    method: "PATCH",
    path: "/partner/webhook-endpoints/:endpointId",
    name: "/partner/webhook-endpoints/{endpointId}",
    describe: {
      summary: "Change, pause or enable a webhook endpoint",
      body: "http/change-webhook-endpoint",
      answer: "http/answers/webhook-endpoint",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<ChangeWebhookEndpointBody>(request.body, { validate, rules });
      const key = { scope: request.caller, endpointId: request.params["endpointId"] ?? "" };
      return configureOwn(request, async (unit, now) => {
        const changed = await changeEndpoint(unit, key, { changes: changesOf(body), now });
        if (changed === null) throw notFound();
        return success(200, { ...endpointView(changed), ...withWarnings(unknownFields(body, KNOWN)) });
      });
    },
  };
}

/** A field cannot be set and reset at once. */
function contradictions({ reset, ...rest }: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (!Array.isArray(reset)) return [];
  const both = reset.filter((name) => typeof name === "string" && rest[name] !== undefined);
  return both.map((name) => ({
    path: `reset[${reset.indexOf(name)}]`,
    code: "contradiction",
    message: `The reset[${reset.indexOf(name)}] field names ${name}, which is set too; leave one of them out`,
  }));
}

function changesOf({ reset = [], ...body }: ChangeWebhookEndpointBody): EndpointChanges {
  const { url, events, description, schedule, rateLimit, strictOrder, status } = body;
  const given = { url, events, description, schedule, rateLimit, strictOrder, status };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(reset.map((name) => [name, null])),
  };
}

const KNOWN: Readonly<Record<keyof ChangeWebhookEndpointBody, true>> = {
  url: true,
  events: true,
  description: true,
  schedule: true,
  rateLimit: true,
  strictOrder: true,
  status: true,
  reset: true,
};
