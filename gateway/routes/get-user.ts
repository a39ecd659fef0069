import type { GetUserQuery } from "../../schemas/generated.ts";
import { addressOf } from "../command-origin.ts";
import { isoTime } from "../iso-time.ts";
import { checkedQuery, isRevealed } from "../list-input.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { showing } from "../views/user-data-view.ts";
import { userView } from "../views/user-view.ts";

/** GET /partner/users/{referenceId}: the user with the source of every value (S6, S16). */
export function getUserRoute({ validate, reads, clock }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/get-user");
  return {
    method: "GET",
    path: "/partner/users/:referenceId",
    name: "/partner/users/{referenceId}",
    describe: {
      summary: "A user with the source of every value",
      query: "http/queries/get-user",
      answer: "http/answers/user",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params, query }) => {
      const show = showing(isRevealed(caller, checkedQuery<GetUserQuery>(query, validateQuery)));
      const found = await reads.findUser(addressOf(caller, params["referenceId"] ?? ""), isoTime(clock));
      if (found === null) throw notFound();
      return success(200, userView(found, { settings: caller.settings, show }));
    },
  };
}
