import type { ListUsersQuery } from "../../schemas/generated.ts";
import { checkedQuery, filterOf, isRevealed, pagedView, pageOf } from "../list-input.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { showing } from "../views/user-data-view.ts";
import { userItemView } from "../views/user-item-view.ts";

/** GET /partner/users: newest first, with what counts now, masked. */
export function listUsersRoute({ validate, reads }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-users");
  return {
    method: "GET",
    path: "/partner/users",
    name: "/partner/users",
    describe: {
      summary: "Users, newest first",
      query: "http/queries/list-users",
      answer: "http/answers/users",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const given = checkedQuery<ListUsersQuery>(query, validateQuery);
      const context = { settings: caller.settings, show: showing(isRevealed(caller, given)) };
      const page = pageOf(given);
      const users = await reads.listUsers({ scope: caller, filter: filterOf(given), ...page });
      return success(
        200,
        pagedView(users, page, (user) => userItemView(user, context)),
      );
    },
  };
}
