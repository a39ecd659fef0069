import type { Problem } from "../../../domain/refusals.ts";
import { addDays } from "../../../domain/time.ts";
import { replayedFrom } from "../../../domain/webhook/replay.ts";
import type { CreateReplayBody } from "../../../schemas/generated.ts";
import { createReplay } from "../../../storage/configuration/replays.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { storableTime } from "../../list-input.ts";
import { success } from "../../reply.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { namedEndpoint } from "../../usable-endpoint.ts";
import { replayView } from "../../views/replay-view.ts";

/** POST /partner/replays: a job that sends past events to an endpoint again, with their own ids; it can be followed, paused and cancelled. */
export function createReplayRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn, deliveryRetentionDays } = dependencies;
  const validate = dependencies.validate("http/create-replay");
  return {
    method: "POST",
    path: "/partner/replays",
    name: "/partner/replays",
    describe: {
      summary: "Send past events to an endpoint again",
      body: "http/create-replay",
      answer: "http/answers/replay",
      status: 201,
      errors: ["INVALID_REQUEST", "ENDPOINT_DISABLED", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<CreateReplayBody>(request.body, { validate, rules: timeProblems });
      const { from, to, types = null, referenceId = null, status: scope = "failed", rate = null } = body;
      return configureOwn(request, async (unit, now) => {
        const { endpointId } = await namedEndpoint(unit, request.caller, body.endpointId);
        const earliest = from === undefined ? null : storableTime(from);
        const times = {
          from: replayedFrom(scope, earliest, addDays(now, -deliveryRetentionDays)),
          to: to === undefined ? now : storableTime(to),
        };
        const replay = { kind: "replay", endpointId, filter: { ...times, types, referenceId, scope }, rate } as const;
        const made = await createReplay(unit, request.caller, { replay, now });
        return success(201, { ...replayView(made), ...withWarnings(unknownFields(body, KNOWN)) });
      });
    },
  };
}

function timeProblems({ from, to }: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (typeof from !== "string" || typeof to !== "string" || !(Date.parse(from) > Date.parse(to))) return [];
  return [{ path: "to", code: "before_from", message: "The to field must not be before the from field" }];
}

const KNOWN: Readonly<Record<keyof CreateReplayBody, true>> = {
  endpointId: true,
  from: true,
  to: true,
  types: true,
  referenceId: true,
  status: true,
  rate: true,
};
