import { settingsOf } from "../../../domain/partner.ts";
import type { PreviewPolicyBody } from "../../../schemas/generated.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { settingsProblems } from "../../settings-input.ts";

/** POST /admin/partners/{partner}/policy/preview: what required fields would change, without changing anything (A12). */
export function previewPolicyRoute({ validate, reads, policies }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/preview-policy");
  return {
    method: "POST",
    path: "/admin/partners/:partner/policy/preview",
    name: "/admin/partners/{partner}/policy/preview",
    describe: {
      summary: "What required fields would change about a partner's users",
      body: "http/admin/preview-policy",
      answer: "http/answers/admin/policy-preview",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "admin",
    answer: async ({ params, body: given }) => {
      const found = await reads.findPartner(params["partner"] ?? "");
      const rules = (input: unknown) => settingsProblems(input, found?.settings ?? null);
      const body = checkedInput<PreviewPolicyBody>(given, { validate: validateBody, rules });
      if (found === null) throw notFound();
      const requiredFieldsPolicy = body.requiredFieldsPolicy ?? found.settings.requiredFieldsPolicy;
      const settings = settingsOf({ ...found.settings, requiredFieldsPolicy });
      const preview = await policies.preview({ partner: found.slug, settings });
      return success(200, { ...preview, ...withWarnings(unknownFields(body, { requiredFieldsPolicy: true })) });
    },
  };
}
