import type { CreatePartnerBody } from "../../../schemas/generated.ts";
import { createPartner, findPartner } from "../../../storage/configuration/partners.ts";
import { checkedInput, unknownFields } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound, RequestRefused } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { givenSettings, settingsProblems } from "../../settings-input.ts";
import { partnerView } from "../../views/partner-view.ts";

/** POST /admin/partners: an active partner without keys. */
export function createPartnerRoute({ validate, configure }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/create-partner");
  return {
    method: "POST",
    path: "/admin/partners",
    name: "/admin/partners",
    describe: {
      summary: "Make a partner",
      body: "http/admin/create-partner",
      answer: "http/answers/admin/partner",
      status: 201,
      errors: ["INVALID_REQUEST", "PARTNER_EXISTS", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: (request) => {
      const rules = (input: { readonly settings?: unknown }) => settingsProblems(input.settings, null);
      const body = checkedInput<CreatePartnerBody>(request.body, { validate: validateBody, rules });
      const { settings, warnings } = givenSettings(body.settings ?? {});
      const unknown = unknownFields(body, { slug: true, name: true, settings: true });
      return configure(request, async (unit, now) => {
        const isNew = await createPartner(unit, { slug: body.slug, name: body.name, settings }, now);
        if (!isNew) throw new RequestRefused("PARTNER_EXISTS");
        const made = await findPartner(unit, body.slug);
        if (made === null) throw notFound();
        return success(201, { ...partnerView(made), warnings: [...unknown, ...warnings] });
      });
    },
  };
}
