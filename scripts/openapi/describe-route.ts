import type { Route } from "../../gateway/route.ts";
import type { JsonSchema } from "../../schemas/load-schema.ts";
import type { SchemaCollector } from "./collect-schemas.ts";
import type { AddErrorResponse } from "./error-responses.ts";
import { groupOf } from "./groups.ts";
import { pathOf, pathParametersOf } from "./path-parameters.ts";
import { examplesByName, readExamples } from "./read-examples.ts";
import { errorsOf, WITH_BODY } from "./route-errors.ts";
import { headersOf, securityOf } from "./shared-parts.ts";

/** What describing a route needs: the schemas by name, and where their components are gathered. */
export interface DescribingRoutes {
  readonly catalogue: ReadonlyMap<string, JsonSchema>;
  readonly collector: SchemaCollector;
  readonly addResponse: AddErrorResponse;
}

const JSON_TYPE = "application/json";
const ACCEPTED = "http/answers/accepted";

/** The operation of a route as OpenAPI has it: parameters, body, every success and every error. */
export function describeRoute(route: Route, context: DescribingRoutes) {
  const { describe, access } = route;
  const path = pathOf(route);
  return {
    operationId: operationIdOf(route.method, path),
    tags: [groupOf(path)],
    summary: describe.summary,
    ...(access === "partner" ? { description: `Needs the permission \`${route.permission}\`.` } : {}),
    security: securityOf(route),
    parameters: [
      ...pathParametersOf(path),
      ...queryParameters(route, context),
      ...headerParameters(route).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...requestBody(route, context),
    responses: { ...successes(route, context), ...failures(route, context) },
  };
}

/** `GET /partner/links/{linkId}` is `getPartnerLinksByLinkId`: made of what never changes. */
function operationIdOf(method: string, path: string): string {
  const words = path.split(/[/.-]/).filter((word) => word !== "");
  const named = words.map((word) => capital(word.startsWith("{") ? `by${capital(word.slice(1, -1))}` : word));
  return method.toLowerCase() + named.join("");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function headerParameters({ method, access, describe }: Route): readonly string[] {
  const isWrite = WITH_BODY.includes(method) || describe.isCommand === true;
  return [
    ...(isWrite && access !== "public" ? ["IdempotencyKey"] : []),
    ...(access === "admin" ? ["AdminActor"] : []),
    "RequestId",
  ];
}

function queryParameters({ describe: { query } }: Route, { catalogue, collector }: DescribingRoutes) {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = (catalogue.get(query) ?? {}) as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(typeof description === "string" ? { description } : WORDS[name] ? { description: WORDS[name] } : {}),
    schema: collector.part(query, schema),
  }));
}

/** What every list says of its paging. */
const WORDS: Readonly<Record<string, string>> = {
  page: "Which page, from 1; 1 when left out",
  limit: "How many on a page; 20 when left out",
  cursor: "The nextCursor of the page before",
};

function requestBody({ describe, method, maxBodyBytes }: Route, { catalogue, collector }: DescribingRoutes) {
  if (describe.body === undefined || !WITH_BODY.includes(method)) return {};
  const limit = maxBodyBytes === undefined ? "256 KiB" : `${maxBodyBytes / 1024 / 1024} MiB`;
  const schema = collector.reference(describe.body);
  const content = { [JSON_TYPE]: { schema, examples: examplesByName(readExamples(describe.body)) } };
  const required = catalogue.get(describe.body)?.["required"] !== undefined;
  return { requestBody: { description: `At most ${limit}. Unknown fields become warnings.`, required, content } };
}

function successes(route: Route, context: DescribingRoutes) {
  const { answer, status, mediaType, alsoAnswers = {}, isCommand } = route.describe;
  const namesByStatus = new Map<number, string[]>();
  const add = (at: number, name: string) => namesByStatus.set(at, [...(namesByStatus.get(at) ?? []), name]);
  if (answer !== null) add(status, answer);
  for (const [other, name] of Object.entries(alsoAnswers)) add(Number(other), name);
  if (isCommand) add(202, ACCEPTED);
  const described = [...namesByStatus].map(([at, names]) => [at, success(route, { at, names }, context)]);
  const plain = answer === null ? [[status, plainAnswer(route, mediaType)]] : [];
  return Object.fromEntries([...described, ...plain]);
}

interface Success {
  readonly at: number;
  /** Its schemas: one of them fits. */
  readonly names: readonly string[];
}

function success(route: Route, { at, names }: Success, { collector }: DescribingRoutes) {
  const isAccepted = names.includes(ACCEPTED);
  const schemas = names.map((name) => collector.reference(name));
  const schema = schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  const examples = examplesByName(names.flatMap((name) => readExamples(name)));
  const headers = headersOf(route, at, [
    ...(isAccepted ? (["Location"] as const) : []),
    ...(route.describe.isCommand ? (["IdempotencyReplayed"] as const) : []),
  ]);
  const description = isAccepted ? ACCEPTED_SENTENCE[names.length === 1 ? "only" : "also"] : "Done";
  return { description, headers, content: { [JSON_TYPE]: { schema, examples } } };
}

const ACCEPTED_SENTENCE = {
  only: "Accepted and safely stored, but not decided in time: read the command at Location",
  also: "Done; or accepted and safely stored but not decided in time: then read the command at Location",
};

function plainAnswer(route: Route, mediaType = "text/plain") {
  const schema = mediaType === JSON_TYPE ? { type: "object" } : { type: "string" };
  return { description: "Done", headers: headersOf(route, 200), content: { [mediaType]: { schema } } };
}

/** Errors are the same for many routes: each answer stands once below `#/components/responses`, by its codes. */
function failures(route: Route, { addResponse }: DescribingRoutes) {
  const answers = [...errorsOf(route)].map(([status, codes]) => {
    const headers = headersOf(route, status);
    return [status, addResponse({ status, codes, headers })];
  });
  return Object.fromEntries(answers);
}
