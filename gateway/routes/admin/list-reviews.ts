import type { ListReviewsQuery } from "../../../schemas/generated.ts";
import { checkedQuery, pagedView, pageOf } from "../../list-input.ts";
import { success } from "../../reply.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { reviewView } from "../../views/review-view.ts";
import { showing } from "../../views/user-data-view.ts";

/** GET /admin/reviews: users that wait for a person, those that changed last first (B14); values masked unless revealed. */
export function listReviewsRoute({ validate, reads }: RouteDependencies): AdminRoute {
  const validateQuery = validate("http/queries/admin/list-reviews");
  return {
    method: "GET",
    path: "/admin/reviews",
    name: "/admin/reviews",
    describe: {
      summary: "Users that wait for a review",
      query: "http/queries/admin/list-reviews",
      answer: "http/answers/admin/reviews",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "admin",
    answer: async ({ query }) => {
      const given = checkedQuery<ListReviewsQuery>(query, validateQuery);
      const page = pageOf(given);
      const show = showing(given.reveal === "true");
      const reviews = await reads.listReviews({ partner: given.partner ?? null, ...page });
      return success(
        200,
        pagedView(reviews, page, (waiting) => reviewView(waiting, show)),
      );
    },
  };
}
