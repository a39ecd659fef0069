import { addDays } from "../../../domain/time.ts";
import { replayedFrom } from "../../../domain/webhook/replay.ts";
import type { RecoverWebhookEndpointBody } from "../../../schemas/generated.ts";
import { createReplay } from "../../../storage/configuration/replays.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { storableTime } from "../../list-input.ts";
import { success } from "../../reply.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { usableEndpoint } from "../../usable-endpoint.ts";
import { replayView } from "../../views/replay-view.ts";

/** POST /partner/webhook-endpoints/{endpointId}/recover: what it missed since a moment is sent again, as a replay of kind `recovery`. */
export function recoverEndpointRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn, deliveryRetentionDays } = dependencies;
  const validate = dependencies.validate("http/recover-webhook-endpoint");
  return {
    method: "POST",
    path: "/partner/webhook-endpoints/:endpointId/recover",
    name: "/partner/webhook-endpoints/{endpointId}/recover",
    describe: {
      summary: "Send again what an endpoint missed since a moment",
      body: "http/recover-webhook-endpoint",
      answer: "http/answers/replay",
      status: 201,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "ENDPOINT_DISABLED", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<RecoverWebhookEndpointBody>(request.body, { validate });
      const { since, rate = null } = body;
      return configureOwn(request, async (unit, now) => {
        const { endpointId } = await usableEndpoint(unit, request.caller, request.params["endpointId"]);
        const filter = {
          from: replayedFrom("missing", storableTime(since), addDays(now, -deliveryRetentionDays)),
          to: now,
          types: null,
          referenceId: null,
          scope: "missing",
        } as const;
        const recovery = { kind: "recovery", endpointId, filter, rate } as const;
        const made = await createReplay(unit, request.caller, { replay: recovery, now });
        return success(201, { ...replayView(made), ...withWarnings(unknownFields(body, { since: true, rate: true })) });
      });
    },
  };
}
