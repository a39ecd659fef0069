import type { ReplayParkedBody } from "../../../schemas/generated.ts";
import { lockParked, settleParked } from "../../../storage/configuration/parked-messages.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound, RequestRefused } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** POST /admin/parked/{parkedId}/replay: published again; a command under a new id that names the old one as its cause. */
export function replayParkedRoute({ validate, configure, replayParked }: RouteDependencies): AdminRoute {
  const validateBody = validate("http/admin/replay-parked");
  return {
    method: "POST",
    path: "/admin/parked/:parkedId/replay",
    name: "/admin/parked/{parkedId}/replay",
    describe: {
      summary: "Publish a parked message again",
      body: "http/admin/replay-parked",
      answer: "http/answers/admin/parked-settled",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "PARKED_SETTLED", "NOT_REPLAYABLE", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "admin",
    answer: (request) => {
      const body = checkedInput<ReplayParkedBody>(request.body, { validate: validateBody });
      const parkedId = request.params["parkedId"] ?? "";
      const warnings = withWarnings(unknownFields(body, {}));
      return configure(request, async (unit, now) => {
        const found = await lockParked(unit, parkedId);
        if (found === null) throw notFound();
        if (found.status !== "parked") throw new RequestRefused("PARKED_SETTLED");
        const replayed = await replayParked(found, { trace: request.trace, now });
        if (replayed === null) throw new RequestRefused("NOT_REPLAYABLE");
        const { commandId } = replayed;
        const settlement = { status: "replayed", reason: null, replayCommandId: commandId } as const;
        await settleParked(unit, { parkedId, settlement }, now);
        return success(200, { parkedId, status: "replayed", settledAt: now, commandId, ...warnings });
      });
    },
  };
}
