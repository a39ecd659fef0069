import type { AdminRoute } from "./route.ts";
import type { RouteDependencies } from "./route-dependencies.ts";
import { applyPolicyRoute } from "./routes/admin/apply-policy.ts";
import { changeSettingsRoute } from "./routes/admin/change-settings.ts";
import { correctUserRoute } from "./routes/admin/correct-user.ts";
import { createKeyRoute } from "./routes/admin/create-key.ts";
import { createPartnerRoute } from "./routes/admin/create-partner.ts";
import { decideReviewRoute } from "./routes/admin/decide-review.ts";
import { dropParkedRoute } from "./routes/admin/drop-parked.ts";
import { getAdminCommandRoute } from "./routes/admin/get-admin-command.ts";
import { getParkedRoute } from "./routes/admin/get-parked.ts";
import { getPartnerRoute } from "./routes/admin/get-partner.ts";
import { listKeysRoute } from "./routes/admin/list-keys.ts";
import { listParkedRoute } from "./routes/admin/list-parked.ts";
import { listPartnersRoute } from "./routes/admin/list-partners.ts";
import { listReviewsRoute } from "./routes/admin/list-reviews.ts";
import { previewPolicyRoute } from "./routes/admin/preview-policy.ts";
import { removeCorrectionRoute } from "./routes/admin/remove-correction.ts";
import { replayParkedRoute } from "./routes/admin/replay-parked.ts";
import { resolveOperationRoute } from "./routes/admin/resolve-operation.ts";
import { revokeKeyRoute } from "./routes/admin/revoke-key.ts";
import { suspendPartnerRoutes } from "./routes/admin/suspend-partner.ts";

/** The endpoints of operators; without an admin key each answers 404. */
export function createAdminRoutes(dependencies: RouteDependencies): readonly AdminRoute[] {
  return [
    createPartnerRoute(dependencies),
    listPartnersRoute(dependencies),
    getPartnerRoute(dependencies),
    ...suspendPartnerRoutes(dependencies),
    changeSettingsRoute(dependencies),
    previewPolicyRoute(dependencies),
    applyPolicyRoute(dependencies),
    createKeyRoute(dependencies),
    listKeysRoute(dependencies),
    revokeKeyRoute(dependencies),
    listReviewsRoute(dependencies),
    decideReviewRoute(dependencies),
    correctUserRoute(dependencies),
    removeCorrectionRoute(dependencies),
    listParkedRoute(dependencies),
    getParkedRoute(dependencies),
    replayParkedRoute(dependencies),
    dropParkedRoute(dependencies),
    resolveOperationRoute(dependencies),
    getAdminCommandRoute(dependencies),
  ];
}
