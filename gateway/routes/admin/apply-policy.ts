import type { ApplyPolicyBody } from "../../../schemas/generated.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/**
 * POST /admin/partners/{partner}/policy/apply: works the partner's required fields out anew for every user that they
 * change (A12). Answered once the commands are published; each user's history tells when it was done. Harmless when
 * repeated: whoever has changed by then changes no more.
 */
export function applyPolicyRoute({ validate, reads, configure, policies }: RouteDependencies): AdminRoute {
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
    answer: async (request) => {
      const body = checkedInput<ApplyPolicyBody>(request.body, { validate: validateBody });
      const warnings = withWarnings(unknownFields(body, {}));
      const found = await reads.findPartner(request.params["partner"] ?? "");
      if (found === null) throw notFound();
      // Outside the transaction: it may take longer than one may be held open.
      const published = await policies.apply({ partner: found.slug, settings: found.settings }, request);
      return configure(request, async () => success(200, { published, ...warnings }));
    },
  };
}
