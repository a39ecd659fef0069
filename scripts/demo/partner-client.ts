import type {
  CreateLinkBody,
  DataRequestAnsweredAnswer,
  LinkAnswer,
  LinkCreatedAnswer,
  UserAnswer,
  UserDataBody,
  WebhookEndpointCreatedAnswer,
  WebhookEndpointRemovedAnswer,
} from "../../schemas/generated.ts";
import type { Caller } from "./call.ts";

/** What the partner's server does. */
export interface PartnerClient {
  readonly createLink: (body: CreateLinkBody) => Promise<LinkCreatedAnswer["data"]>;
  readonly answerDataRequest: (path: string, userData: UserDataBody) => Promise<DataRequestAnsweredAnswer["data"]>;
  readonly readLink: (linkId: string) => Promise<LinkAnswer["data"]>;
  readonly readUser: (referenceId: string) => Promise<UserAnswer["data"]>;
  readonly createEndpoint: (url: string) => Promise<WebhookEndpointCreatedAnswer["data"]>;
  readonly deleteEndpoint: (endpointId: string) => Promise<WebhookEndpointRemovedAnswer["data"]>;
}

/** The partner's side of the API, with its key. */
export function createPartnerClient(call: Caller): PartnerClient {
  return {
    createLink: (body) =>
      call<LinkCreatedAnswer["data"]>({
        ...{ method: "POST", path: "/partner/links", body, status: 201, answer: "link-created" },
        summary: ({ linkId, userState, missingFields }) =>
          `link ${linkId} is created; the user is ${userState}${missingFields.length > 0 ? `, missing: ${missingFields.join(", ")}` : ""}`,
      }),
    answerDataRequest: (path, userData) =>
      call<DataRequestAnsweredAnswer["data"]>({
        ...{ method: "PUT", path, body: { userData }, status: 200, answer: "data-request-answered" },
        summary: ({ status, message }) => `${status}: ${message}`,
      }),
    readLink: (linkId) =>
      call<LinkAnswer["data"]>({
        ...{ method: "GET", path: `/partner/links/${linkId}`, status: 200, answer: "link" },
        summary: ({ status }) => `the link is ${status}`,
      }),
    readUser: (referenceId) =>
      call<UserAnswer["data"]>({
        ...{ method: "GET", path: `/partner/users/${referenceId}`, status: 200, answer: "user" },
        summary: ({ state, userVersion, fields }) =>
          `the user is ${state} (version ${userVersion}) and has ${Object.keys(fields).join(", ")}`,
      }),
    createEndpoint: (url) =>
      call<WebhookEndpointCreatedAnswer["data"]>({
        ...{ method: "POST", path: "/partner/webhook-endpoints", status: 201, answer: "webhook-endpoint-created" },
        body: { url, description: "npm run demo" },
        summary: ({ endpointId }) => `endpoint ${endpointId}, with a secret that is shown only now`,
      }),
    deleteEndpoint: (endpointId) =>
      call<WebhookEndpointRemovedAnswer["data"]>({
        ...{ method: "DELETE", path: `/partner/webhook-endpoints/${endpointId}`, status: 200 },
        answer: "webhook-endpoint-removed",
        summary: () => `endpoint ${endpointId} is gone`,
      }),
  };
}
