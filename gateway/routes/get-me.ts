import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";

/** GET /partner/me: whose key this is, and what is set for them. */
export function getMeRoute(): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/me",
    name: "/partner/me",
    describe: {
      summary: "Whose key this is, and what is set for them",
      answer: "http/answers/me",
      status: 200,
      errors: [],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller }) => {
      const { name, partner: slug, environment } = caller;
      const { branding, ...settings } = caller.settings;
      return success(200, { name, slug, status: "active", environment, settings, branding });
    },
  };
}
