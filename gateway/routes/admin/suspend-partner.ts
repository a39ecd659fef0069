import type { SuspendPartnerBody } from "../../../schemas/generated.ts";
import { findPartner, setSuspended } from "../../../storage/configuration/partners.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { partnerView } from "../../views/partner-view.ts";

/**
 * POST /admin/partners/{partner}/suspend and …/resume: counts for the very next command (E10). Existing links take no new
 * steps, committed transfers finish.
 */
export function suspendPartnerRoutes(dependencies: RouteDependencies): readonly AdminRoute[] {
  return [
    suspensionRoute(dependencies, { verb: "suspend", isSuspended: true, summary: "Shut a partner out" }),
    suspensionRoute(dependencies, { verb: "resume", isSuspended: false, summary: "Let a suspended partner in again" }),
  ];
}

interface Suspension {
  readonly verb: "suspend" | "resume";
  readonly isSuspended: boolean;
  readonly summary: string;
}

function suspensionRoute(dependencies: RouteDependencies, { verb, isSuspended, summary }: Suspension): AdminRoute {
  const { validate, configure, keysChanged } = dependencies;
  const validateBody = validate("http/admin/suspend-partner");
  return {
    method: "POST",
    path: `/admin/partners/:partner/${verb}`,
    name: `/admin/partners/{partner}/${verb}`,
    describe: {
      summary,
      body: "http/admin/suspend-partner",
      answer: "http/answers/admin/partner",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: async (request) => {
      const body = checkedInput<SuspendPartnerBody>(request.body, { validate: validateBody });
      const slug = request.params["partner"] ?? "";
      const reply = await configure(request, async (unit, now) => {
        const isKnown = await setSuspended(unit, { slug, isSuspended }, now);
        const changed = isKnown ? await findPartner(unit, slug) : null;
        if (changed === null) throw notFound();
        return success(200, { ...partnerView(changed), ...withWarnings(unknownFields(body, {})) });
      });
      await keysChanged();
      return reply;
    },
  };
}
