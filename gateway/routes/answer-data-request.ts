import type { Problem } from "../../domain/refusals.ts";
import type { AnswerDataRequestBody } from "../../schemas/generated.ts";
import type { ShownDataRequest } from "../../storage/queries/data-requests.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields } from "../check-input.ts";
import { commandLocation, partnerActor } from "../command-origin.ts";
import { isoDay, isoTime } from "../iso-time.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import { IMAGE_BODY_BYTES, type PartnerRequest, type PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { givenUserData, userDataProblems } from "../user-data-input.ts";

/** PUT /partner/data-requests/{dataRequestId}: the partner fills what was asked for (S12, D1–D9). */
export function answerDataRequestRoute(dependencies: RouteDependencies): PartnerRoute {
  const { clock, reads } = dependencies;
  const validate = dependencies.validate("http/answer-data-request");
  return {
    method: "PUT",
    path: "/partner/data-requests/:dataRequestId",
    name: "/partner/data-requests/{dataRequestId}",
    describe: {
      summary: "Answer a data request with the fields that were asked for",
      body: "http/answer-data-request",
      answer: "http/answers/data-request-answered",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "REFERENCE_ID_MISMATCH", "LINK_REVOKED", "LINK_EXPIRED"],
    },
    access: "partner",
    permission: "users:write",
    limit: "requests",
    maxBodyBytes: IMAGE_BODY_BYTES,
    answer: async (request) => {
      const rules = (input: Readonly<Record<string, unknown>>) => [
        ...tooLong(input["referenceId"]),
        ...userDataProblems(input["userData"], isoDay(clock)),
      ];
      const body = checkedInput<AnswerDataRequestBody>(request.body, { validate, rules });
      const named = { scope: request.caller, dataRequestId: request.params["dataRequestId"] ?? "" };
      const found = await reads.findDataRequest(named, isoTime(clock));
      if (found === null) throw notFound();
      return writeAnswer(request, { body, found }, dependencies);
    },
  };
}

/** No user of anybody has such a referenceId, and no command carries it. */
function tooLong(referenceId: unknown): readonly Problem[] {
  if (typeof referenceId !== "string" || referenceId.length <= 255) return [];
  return [{ path: "referenceId", code: "too_long", message: "The referenceId field must have at most 255 characters" }];
}

interface CheckedAnswer {
  readonly body: AnswerDataRequestBody;
  readonly found: ShownDataRequest;
}

function writeAnswer(request: PartnerRequest, given: CheckedAnswer, dependencies: RouteDependencies) {
  const { caller } = request;
  const { body, found } = given;
  const { dataRequestId } = found.dataRequest;
  const userData = givenUserData(body.userData, dependencies);
  const warnings = [...unknownFields(body, { referenceId: true, userData: true }), ...userData.warnings];
  return dependencies.write(request, {
    scope: caller,
    location: commandLocation,
    command: async (stamp) => ({
      ...stamp,
      ...found.address,
      type: "AnswerDataRequest",
      actor: partnerActor(caller),
      values: await userData.values(caller),
      payload: { dataRequestId, statedReferenceId: body.referenceId ?? null, userData: userData.input },
    }),
    reply: (answer) => {
      const { kind: _, ...facts } = answerOf(answer, "data_request_answered");
      return success(200, { ...facts, message: "User data received and merged successfully", warnings });
    },
  });
}
