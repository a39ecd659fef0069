import { isClearlyActive } from "../../domain/link/active.ts";
import type { CreateLinkBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput } from "../check-input.ts";
import { addressOf, commandLocation, partnerActor } from "../command-origin.ts";
import { isoDay, isoTime } from "../iso-time.ts";
import { linkProblems, linkSettings, linkWarnings } from "../link-input.ts";
import { failure, type Reply, success } from "../reply.ts";
import { RequestRefused } from "../request-refused.ts";
import { IMAGE_BODY_BYTES, type PartnerRequest, type PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { givenUserData } from "../user-data-input.ts";
import { linkCreatedView } from "../views/link-created-view.ts";

/** POST /partner/links: the user is made or found, its data merged, and one active link made (S1, S3, S10). */
export function createLinkRoute(dependencies: RouteDependencies): PartnerRoute {
  const { clock, allowPrivateTargets } = dependencies;
  const validate = dependencies.validate("http/create-link");
  return {
    method: "POST",
    path: "/partner/links",
    name: "/partner/links",
    describe: {
      summary: "Create a magic link for a user",
      body: "http/create-link",
      answer: "http/answers/link-created",
      status: 201,
      alsoAnswers: { 200: "http/answers/link-created" },
      isCommand: true,
      errors: ["INVALID_REQUEST", "ACTIVE_LINK_EXISTS"],
    },
    access: "partner",
    permission: "links:write",
    limit: "links",
    maxBodyBytes: IMAGE_BODY_BYTES,
    answer: (request) => {
      const rules = { today: isoDay(clock), allowPrivateTargets };
      const body = checkedInput<CreateLinkBody>(request.body, {
        validate,
        rules: (input) => linkProblems(input, rules),
      });
      return writeLink(request, body, dependencies);
    },
  };
}

function writeLink(request: PartnerRequest, body: CreateLinkBody, dependencies: RouteDependencies): Promise<Reply> {
  const { caller } = request;
  const { referenceId, onActive = "error", expiresInMinutes = null } = body;
  const userData = givenUserData(body.userData, dependencies);
  const warnings = [...linkWarnings(body), ...userData.warnings];
  return dependencies.write(request, {
    scope: caller,
    address: addressOf(caller, referenceId),
    location: commandLocation,
    shortcut: () => (onActive === "error" ? clearConflict(request, referenceId, dependencies) : Promise.resolve(null)),
    command: async (stamp) => ({
      ...stamp,
      ...addressOf(caller, referenceId),
      type: "CreateLink",
      actor: partnerActor(caller),
      values: await userData.values(caller),
      payload: { ...linkSettings(body), expiresInMinutes, onActive, userData: userData.input },
    }),
    reply: (answer) => {
      const made = answerOf(answer, "link_created", "link_returned");
      const view = linkCreatedView(made, { ...dependencies, hasUserData: body.userData !== undefined, warnings });
      return success(made.kind === "link_created" ? 201 : 200, view);
    },
  });
}

/** The refusal that the writer would give, when the lock and the row leave no doubt (design.md section 4). */
async function clearConflict(request: PartnerRequest, referenceId: string, dependencies: RouteDependencies) {
  const { caller, requestId } = request;
  const holder = await dependencies.readActiveLink(addressOf(caller, referenceId));
  if (holder === null || holder === "unknown") return null;
  const found = await dependencies.reads.readLink({ scope: caller, linkId: holder });
  if (found === null || found.address.referenceId !== referenceId) return null;
  if (!isClearlyActive(found.link, isoTime(dependencies.clock))) return null;
  const { linkId, status, expiresAt } = found.link;
  const facts = { existingLinkId: linkId, existingLink: { status, expiresAt } };
  return failure(new RequestRefused("ACTIVE_LINK_EXISTS", { facts }), requestId);
}
