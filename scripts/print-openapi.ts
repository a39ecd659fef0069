import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Route } from "../gateway/route.ts";
import { loadSchemas } from "../schemas/load-schema.ts";
import { createSchemaCollector } from "./openapi/collect-schemas.ts";
import { describeRoute } from "./openapi/describe-route.ts";
import { describeWebhooks, WEBHOOK_HEADERS } from "./openapi/describe-webhooks.ts";
import { createErrorResponses } from "./openapi/error-responses.ts";
import { GROUPS } from "./openapi/groups.ts";
import { inertRoutes } from "./openapi/inert-routes.ts";
import { pathOf } from "./openapi/path-parameters.ts";
import { HEADERS, PARAMETERS, SECURITY_SCHEMES } from "./openapi/shared-parts.ts";

const FOLDER = join(import.meta.dirname, "..");

/** docs/openapi.json: OpenAPI 3.1 of every route, every webhook, and the guide of docs/api.md. */
export function renderOpenapi(routes: readonly Route[] = inertRoutes()): string {
  return `${JSON.stringify(openapiOf(routes), null, 2)}\n`;
}

function openapiOf(routes: readonly Route[]) {
  const catalogue = loadSchemas();
  const collector = createSchemaCollector(catalogue);
  const { addResponse, responses, examples } = createErrorResponses(collector.reference("http/error"));
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = pathOf(route);
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: describeRoute(route, { catalogue, collector, addResponse }),
    };
  }
  const webhooks = describeWebhooks(catalogue, collector);
  return {
    openapi: "3.1.0",
    info: {
      title: "M2M user lifecycle",
      version: versionOfProject(),
      description: guide(),
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The gateway that gives this document" }],
    tags: [
      ...GROUPS.map(({ name, description }) => ({ name, description })),
      { name: "Webhook events", description: "What we send to a partner's endpoints." },
    ],
    paths,
    webhooks,
    components: {
      schemas: collector.components(),
      responses: responses(),
      examples,
      parameters: { ...PARAMETERS, ...WEBHOOK_HEADERS },
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function versionOfProject(): string {
  return (JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8")) as { readonly version: string }).version;
}

/** The text of docs/api.md below its title. */
function guide(): string {
  return readFileSync(join(FOLDER, "docs/api.md"), "utf8")
    .replace(/^# .*\n+/, "")
    .trim();
}
