import type { ReplayMove } from "../../../domain/webhook/replay.ts";
import type { MoveReplayBody } from "../../../schemas/generated.ts";
import { moveReplay } from "../../../storage/configuration/replays.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound, RequestRefused } from "../../request-refused.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { replayView } from "../../views/replay-view.ts";

/**
 * POST /partner/replays/{replayId}/pause, resume and cancel: what is on its way already, at most 500 deliveries, still
 * goes out. Twice is 200.
 */
export function moveReplayRoutes(dependencies: RouteDependencies): readonly PartnerRoute[] {
  return MOVES.map(({ move, summary }) => moveReplayRoute(move, summary, dependencies));
}

const MOVES: readonly { readonly move: ReplayMove; readonly summary: string }[] = [
  { move: "pause", summary: "Pause a replay" },
  { move: "resume", summary: "Go on with a paused replay" },
  { move: "cancel", summary: "End a replay where it is" },
];

function moveReplayRoute(move: ReplayMove, summary: string, dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn } = dependencies;
  const validate = dependencies.validate("http/move-replay");
  return {
    method: "POST",
    path: `/partner/replays/:replayId/${move}`,
    name: `/partner/replays/{replayId}/${move}`,
    describe: {
      summary,
      body: "http/move-replay",
      answer: "http/answers/replay",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "REPLAY_ENDED", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<MoveReplayBody>(request.body, { validate });
      const key = { scope: request.caller, replayId: request.params["replayId"] ?? "" };
      return configureOwn(request, async (unit, now) => {
        const moved = await moveReplay(unit, key, { move, now });
        if (moved === null) throw notFound();
        if (moved.kind === "refused") throw new RequestRefused("REPLAY_ENDED", { facts: { status: moved.state } });
        return success(200, { ...replayView(moved.replay), ...withWarnings(unknownFields(body, {})) });
      });
    },
  };
}
