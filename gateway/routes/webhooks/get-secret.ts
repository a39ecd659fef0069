import { success } from "../../reply.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** GET /partner/webhook-secret: what signs the deliveries to the callbackUrls of this partner's links; made when it is asked for first. */
export function getSecretRoute({ readSecrets }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/webhook-secret",
    name: "/partner/webhook-secret",
    describe: {
      summary: "The secret that signs deliveries to callbackUrls",
      answer: "http/answers/webhook-secret",
      status: 200,
      errors: [],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: async (request) => {
      const [secret] = await readSecrets(request.caller);
      if (secret === undefined) throw new Error("a partner without a live webhook secret");
      return success(200, { secret });
    },
  };
}
