import type { ApplyPolicyBody } from "../../../schemas/generated.ts";
import { findPartner } from "../../../storage/configuration/partners.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/**
 * POST /admin/partners/{partner}/policy/apply: works the partner's required fields out anew for every user that they
 * change (A12). Answered once the commands are published; each user's history tells when it was done.
 */
export function applyPolicyRoute({ validate, configure, policies }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/apply-policy");
  return {
    method: "POST",
    path: "/admin/partners/:partner/policy/apply",
    name: "/admin/partners/{partner}/policy/apply",
    describe: {
      summary: "Work a partner's required fields out anew for its users",
      body: "http/admin/apply-policy",
      answer: "http/answers/admin/policy-applied",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: (request) => {
      const body = checkedInput<ApplyPolicyBody>(request.body, { validate: validateBody });
      const warnings = withWarnings(unknownFields(body, {}));
      return configure(request, async (unit) => {
        const found = await findPartner(unit, request.params["partner"] ?? "");
        if (found === null) throw notFound();
        const published = await policies.apply({ partner: found.slug, settings: found.settings }, request);
        return success(200, { published, ...warnings });
      });
    },
  };
}
