import type { ListKeysQuery } from "../../../schemas/generated.ts";
import { checkedQuery, pagedView, pageOf } from "../../list-input.ts";
import { success } from "../../reply.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** GET /admin/keys: newest first, by their prefix; revoked ones too. */
export function listKeysRoute({ validate, reads }: RouteDependencies): AdminRoute {
  const validateQuery = validate("http/queries/admin/list-keys");
  return {
    method: "GET",
    path: "/admin/keys",
    name: "/admin/keys",
    describe: {
      summary: "Keys, newest first",
      query: "http/queries/admin/list-keys",
      answer: "http/answers/admin/keys",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "admin",
    answer: async ({ query }) => {
      const given = checkedQuery<ListKeysQuery>(query, validateQuery);
      const page = pageOf(given);
      const keys = await reads.listKeys({ partner: given.partner ?? null, ...page });
      return success(
        200,
        pagedView(keys, page, (key) => key),
      );
    },
  };
}
