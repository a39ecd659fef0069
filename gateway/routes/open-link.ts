import type { OpenLinkBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../check-input.ts";
import type { WidgetRequest, WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { sessionReply, type WidgetStep, writeStep } from "../widget-step.ts";

const MAX_USER_AGENT = 512;

/** POST /widget/links/{linkId}/open: a person acted on the page (C6, C7). */
export function openLinkRoute(dependencies: RouteDependencies): WidgetRoute {
  const validate = dependencies.validate("http/open-link");
  return {
    method: "POST",
    path: "/widget/links/:linkId/open",
    name: "/widget/links/{linkId}/open",
    describe: {
      summary: "A person acted on the page: the link is opened",
      body: "http/open-link",
      answer: "http/answers/session",
      status: 200,
      isCommand: true,
      errors: [
        "INVALID_REQUEST",
        "RESOURCE_NOT_FOUND",
        "PARTNER_SUSPENDED",
        "LINK_REVOKED",
        "LINK_EXPIRED",
        "LINK_NOT_OPEN",
      ],
    },
    access: "widget",
    answer: (request) => {
      const { linkId } = request;
      const body = checkedInput<OpenLinkBody>(request.body, { validate });
      const payload = { linkId, device: deviceOf(body, request) };
      const step: WidgetStep = {
        command: async (stamp) => ({ ...stamp, type: "OpenLink", values: {}, payload }),
        reply: (answer) => {
          answerOf(answer, "session_changed");
          const more = withWarnings(unknownFields(body, { deviceInfo: true }));
          return sessionReply(linkId, { status: 200, more }, dependencies);
        },
      };
      return writeStep(request, step, dependencies);
    },
  };
}

function deviceOf({ deviceInfo = {} }: OpenLinkBody, { userAgent }: WidgetRequest) {
  return {
    userAgent: deviceInfo.userAgent ?? userAgent?.slice(0, MAX_USER_AGENT) ?? null,
    platform: deviceInfo.platform ?? null,
    language: deviceInfo.language ?? null,
  };
}
