import type { PublicRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

const JSON_HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-cache",
  "x-content-type-options": "nosniff",
  // The description holds nothing of anybody, and tools in browsers read it.
  "access-control-allow-origin": "*",
};

/** GET /openapi.json, /asyncapi.json and /docs: what this API is, for programs and for people. */
export function documentationRoutes({ documentation }: RouteDependencies): readonly PublicRoute[] {
  const { openapi, asyncapi, html, headers } = documentation;
  const json = { answer: null, mediaType: "application/json", status: 200, errors: [] } as const;
  return [
    {
      method: "GET",
      path: "/openapi.json",
      name: "/openapi.json",
      describe: { summary: "This document: OpenAPI 3.1 of the HTTP API and the webhooks", ...json },
      access: "public",
      answer: async () => ({ status: 200, body: openapi, headers: JSON_HEADERS }),
    },
    {
      method: "GET",
      path: "/asyncapi.json",
      name: "/asyncapi.json",
      describe: { summary: "AsyncAPI 3 of the Kafka topics", ...json },
      access: "public",
      answer: async () => ({ status: 200, body: asyncapi, headers: JSON_HEADERS }),
    },
    {
      method: "GET",
      path: "/docs",
      name: "/docs",
      describe: { summary: "This document as a page to read", ...json, mediaType: "text/html" },
      access: "public",
      answer: async () => ({ status: 200, body: html, headers }),
    },
  ];
}
