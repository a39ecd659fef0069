import { createAdminRoutes } from "./admin-routes.ts";
import type { Route } from "./route.ts";
import type { RouteDependencies } from "./route-dependencies.ts";
import { answerDataRequestRoute } from "./routes/answer-data-request.ts";
import { cancelOperationRoute } from "./routes/cancel-operation.ts";
import { confirmOperationRoute } from "./routes/confirm-operation.ts";
import { createLinkRoute } from "./routes/create-link.ts";
import { explainUserRoute } from "./routes/explain-user.ts";
import { followSessionRoute } from "./routes/follow-session.ts";
import { getCipReadinessRoute } from "./routes/get-cip-readiness.ts";
import { getCommandRoute } from "./routes/get-command.ts";
import { getDataRequestRoute } from "./routes/get-data-request.ts";
import { getLinkRoute } from "./routes/get-link.ts";
import { getMeRoute } from "./routes/get-me.ts";
import { getOperationRoute } from "./routes/get-operation.ts";
import { getSessionRoute } from "./routes/get-session.ts";
import { getUserRoute } from "./routes/get-user.ts";
import { healthRoutes } from "./routes/health.ts";
import { issueCipTicketRoute } from "./routes/issue-cip-ticket.ts";
import { listDataRequestsRoute } from "./routes/list-data-requests.ts";
import { listLinkActivityRoute } from "./routes/list-link-activity.ts";
import { listLinksRoute } from "./routes/list-links.ts";
import { listOperationsRoute } from "./routes/list-operations.ts";
import { listUserHistoryRoute } from "./routes/list-user-history.ts";
import { listUsersRoute } from "./routes/list-users.ts";
import { openLinkRoute } from "./routes/open-link.ts";
import { documentationRoutes } from "./routes/openapi.ts";
import { provideDataRoute } from "./routes/provide-data.ts";
import { regenerateLinkRoute } from "./routes/regenerate-link.ts";
import { removeFieldRoute } from "./routes/remove-field.ts";
import { revokeLinkRoute } from "./routes/revoke-link.ts";
import { submitCipRoute } from "./routes/submit-cip.ts";
import { updateUserRoute } from "./routes/update-user.ts";
import { widgetPageRoute } from "./routes/widget-page.ts";
import { createWebhookRoutes } from "./webhook-routes.ts";

/** Every endpoint of the gateway, in the order of api.md. */
export function createRoutes(dependencies: RouteDependencies): readonly Route[] {
  return [
    createLinkRoute(dependencies),
    listLinksRoute(dependencies),
    getLinkRoute(dependencies),
    listLinkActivityRoute(dependencies),
    getCipReadinessRoute(dependencies),
    issueCipTicketRoute(dependencies),
    revokeLinkRoute(dependencies),
    regenerateLinkRoute(dependencies),
    answerDataRequestRoute(dependencies),
    listDataRequestsRoute(dependencies),
    getDataRequestRoute(dependencies),
    listUsersRoute(dependencies),
    getUserRoute(dependencies),
    updateUserRoute(dependencies),
    removeFieldRoute(dependencies),
    listUserHistoryRoute(dependencies),
    explainUserRoute(dependencies),
    listOperationsRoute(dependencies),
    getOperationRoute(dependencies),
    getMeRoute(),
    getCommandRoute(dependencies),
    ...createWebhookRoutes(dependencies),
    getSessionRoute(dependencies),
    openLinkRoute(dependencies),
    provideDataRoute(dependencies),
    submitCipRoute(dependencies),
    confirmOperationRoute(dependencies),
    cancelOperationRoute(dependencies),
    followSessionRoute(dependencies),
    ...createAdminRoutes(dependencies),
    widgetPageRoute(dependencies),
    ...healthRoutes(dependencies),
    ...documentationRoutes(dependencies),
  ];
}
