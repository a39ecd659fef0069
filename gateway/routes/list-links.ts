import type { ListLinksQuery } from "../../schemas/generated.ts";
import { isoTime } from "../iso-time.ts";
import { checkedQuery, filterOf, isRevealed, pagedView, pageOf } from "../list-input.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { linkView } from "../views/link-view.ts";
import { showing } from "../views/user-data-view.ts";

/** GET /partner/links: newest first; a link past its time is listed as expired whatever the timers have done. */
export function listLinksRoute({ validate, reads, addresses, clock }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-links");
  return {
    method: "GET",
    path: "/partner/links",
    name: "/partner/links",
    describe: {
      summary: "Links, newest first",
      query: "http/queries/list-links",
      answer: "http/answers/links",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const given = checkedQuery<ListLinksQuery>(query, validateQuery);
      const context = { addresses, show: showing(isRevealed(caller, given)) };
      const page = pageOf(given);
      const links = await reads.listLinks({ scope: caller, filter: filterOf(given), ...page, now: isoTime(clock) });
      return success(
        200,
        pagedView(links, page, (link) => linkView(link, context)),
      );
    },
  };
}
