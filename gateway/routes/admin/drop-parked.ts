import type { DropParkedBody } from "../../../schemas/generated.ts";
import { lockParked, settleParked } from "../../../storage/configuration/parked-messages.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound, RequestRefused } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** POST /admin/parked/{parkedId}/drop: marks it as settled without doing anything, with a reason. */
export function dropParkedRoute({ validate, configure }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/drop-parked");
  return {
    method: "POST",
    path: "/admin/parked/:parkedId/drop",
    name: "/admin/parked/{parkedId}/drop",
    describe: {
      summary: "Settle a parked message without replaying it",
      body: "http/admin/drop-parked",
      answer: "http/answers/admin/parked-settled",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "PARKED_SETTLED", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: (request) => {
      const body = checkedInput<DropParkedBody>(request.body, { validate: validateBody });
      const parkedId = request.params["parkedId"] ?? "";
      const warnings = withWarnings(unknownFields(body, { reason: true }));
      return configure(request, async (unit, now) => {
        const found = await lockParked(unit, parkedId);
        if (found === null) throw notFound();
        const settlement = { status: "dropped", reason: body.reason, replayCommandId: null } as const;
        if (!(await settleParked(unit, { parkedId, settlement }, now))) throw new RequestRefused("PARKED_SETTLED");
        return success(200, { parkedId, status: "dropped", settledAt: now, ...warnings });
      });
    },
  };
}
