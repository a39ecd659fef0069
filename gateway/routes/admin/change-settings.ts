import type { PartnerSettingsBody } from "../../../schemas/generated.ts";
import { changeSettings, findPartner } from "../../../storage/configuration/partners.ts";
import { checkedInput } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { givenSettings, settingsProblems } from "../../settings-input.ts";
import { partnerView } from "../../views/partner-view.ts";

/** PATCH /admin/partners/{partner}/settings: puts these settings over the stored ones; counts for the very next command. */
export function changeSettingsRoute({ validate, configure, keysChanged }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/partner-settings");
  return {
    method: "PATCH",
    path: "/admin/partners/:partner/settings",
    name: "/admin/partners/{partner}/settings",
    describe: {
      summary: "Change a partner's settings",
      body: "http/admin/partner-settings",
      answer: "http/answers/admin/partner",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: async (request) => {
      const slug = request.params["partner"] ?? "";
      const reply = await configure(request, async (unit, now) => {
        const current = await findPartner(unit, slug);
        const rules = (input: unknown) => settingsProblems(input, current?.settings ?? null);
        const body = checkedInput<PartnerSettingsBody>(request.body, { validate: validateBody, rules });
        const { settings, warnings } = givenSettings(body);
        const isKnown = await changeSettings(unit, { slug, settings }, now);
        const changed = isKnown ? await findPartner(unit, slug) : null;
        if (changed === null) throw notFound();
        return success(200, { ...partnerView(changed), warnings });
      });
      await keysChanged();
      return reply;
    },
  };
}
