import fc from "fast-check";
import {
  type OpenapiDocument,
  type Operation,
  type Parameter,
  resolved,
  type Schema,
} from "../../gateway/documentation/openapi-document.ts";
import { junkBodies, spoiled } from "./junk.ts";
import type { Stage } from "./stage.ts";
import { type ValueSettings, valuesOf } from "./value-arbitraries.ts";

/** One request, as it goes over the wire; all of it follows from the seed and the stage. */
export interface FuzzRequest {
  /** `POST /partner/links`: what of the document it means to be. */
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** It asks with one partner's key for what is another's: no success may come of it. */
  readonly reachesAcross?: boolean;
}

export interface Endpoint {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** Every endpoint of the document. */
export function endpointsOf({ paths }: OpenapiDocument): readonly Endpoint[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

/** Requests of every endpoint: good ones, nearly good ones and junk, with headers of all kinds. */
export function requestsOf(document: OpenapiDocument, stage: Stage): fc.Arbitrary<FuzzRequest> {
  const endpoints = endpointsOf(document);
  const writes = endpoints.filter(({ operation }) => operation.requestBody !== undefined);
  return fc
    .oneof(fc.constantFrom(...endpoints), fc.constantFrom(...writes))
    .chain((endpoint) => requestsTo(endpoint, document, stage));
}

/** Requests of one endpoint. */
export function requestsTo(endpoint: Endpoint, document: OpenapiDocument, stage: Stage): fc.Arbitrary<FuzzRequest> {
  const parameters = endpoint.operation.parameters.map((one) => resolved(one, document.components.parameters));
  const settings = (hasEdges: boolean): ValueSettings => ({
    schemas: document.components.schemas,
    hasEdges,
    known: stage.known,
  });
  const inPath = parameters.filter((one) => one.in === "path");
  const inQuery = parameters.filter((one) => one.in === "query");
  const parts = fc.record({
    path: fc.tuple(...inPath.map(({ name }) => pathValues(stage.known[name] ?? []))),
    query: fc.oneof(
      fc.constant({}),
      queries(inQuery, settings(false)),
      queries(inQuery, settings(true)),
      junkQueries(inQuery),
    ),
    method: rarely(
      fc.constant(endpoint.method),
      fc.constantFrom("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"),
    ),
    body: bodiesOf(endpoint, settings),
    identity: rarely(
      fc.constant("right" as const),
      fc.constantFrom("none", "junk", "foreign", "weak", "other" as const),
    ),
    headers: strangeHeaders,
  });
  return parts.map(({ path, query, method, body, identity, headers }) => {
    const filled = inPath.reduce(
      (text, { name }, place) => text.replace(`{${name}}`, path[place] ?? ""),
      endpoint.path,
    );
    const search = new URLSearchParams(query).toString();
    const hasBody = !["GET", "HEAD"].includes(method) && body !== undefined;
    return {
      operation: `${endpoint.method} ${endpoint.path}`,
      method,
      url: filled + (search === "" ? "" : `?${search}`),
      headers: {
        ...(hasBody ? { "content-type": "application/json" } : {}),
        ...identityHeaders({ endpoint, identity, url: filled }, stage),
        ...headers,
      },
      ...(hasBody ? { body } : {}),
      ...(reachesAcross({ endpoint, identity, url: filled }, stage) ? { reachesAcross: true } : {}),
    };
  });
}

/** Mostly the usual; one in eight is the other. */
function rarely<A, B>(usual: fc.Arbitrary<A>, other: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 7, arbitrary: usual }, { weight: 1, arbitrary: other });
}

const STRANGE_PARTS = [
  "%00",
  "%ff",
  "%E0%A4%A",
  "..%2f..",
  "%2e%2e",
  "a%2Fb",
  "%20",
  "x".repeat(3_000),
  "__proto__",
  "%F0%9F%98%80",
  "null",
  "-1",
];

function pathValues(known: readonly string[]): fc.Arbitrary<string> {
  const usual = known.length === 0 ? fc.constant("1") : fc.constantFrom(...known).map(encodeURIComponent);
  return rarely(
    usual,
    fc.oneof(fc.constantFrom(...STRANGE_PARTS), fc.string({ minLength: 1 }).map(encodeURIComponent)),
  );
}

function queries(parameters: readonly Parameter[], settings: ValueSettings): fc.Arbitrary<Record<string, string>> {
  const model: Record<string, fc.Arbitrary<string>> = Object.fromEntries(
    parameters.map(({ name, schema }) => [
      name,
      valuesOf({ ...schema, properties: {} } as Schema, settings).map(String),
    ]),
  );
  return fc.record<Record<string, string>, never>(model, { requiredKeys: [] }) as fc.Arbitrary<Record<string, string>>;
}

function junkQueries(parameters: readonly Parameter[]): fc.Arbitrary<Record<string, string>> {
  const names = ["page", "limit", "cursor", "__proto__", "unknown", ...parameters.map(({ name }) => name)];
  return fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.string(), fc.constantFrom("0", "-1", "1e3", "99999999999999999999", "\u0000", "١")),
    { maxKeys: 4 },
  );
}

function bodiesOf(
  { operation }: Endpoint,
  settings: (hasEdges: boolean) => ValueSettings,
): fc.Arbitrary<FuzzRequest["body"]> {
  const media = operation.requestBody?.content["application/json"];
  if (media === undefined) return rarely(fc.constant(undefined), junkBodies);
  const examples = Object.values(media.examples ?? {}).flatMap((example) =>
    "value" in example ? [example.value] : [],
  );
  const good = fc.oneof(
    valuesOf(media.schema, settings(false)),
    ...(examples.length === 0 ? [] : [fc.constantFrom(...examples)]),
  );
  const values = fc.oneof(good, valuesOf(media.schema, settings(true)), spoiled(good));
  return fc.oneof(
    { weight: 6, arbitrary: values.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: junkBodies },
  );
}

const strangeHeaders: fc.Arbitrary<Record<string, string>> = rarely(
  fc.constant({}),
  fc.record(
    {
      "content-type": fc.constantFrom(
        "",
        "text/plain",
        "application/json; charset=utf-16",
        "application/xml",
        "application/json;",
        "multipart/form-data",
        "application/JSON; charset=UTF-8",
      ),
      "content-encoding": fc.constantFrom("gzip", "identity", "br"),
      "idempotency-key": fc.constantFrom("", "k1", "k2", "k".repeat(255), "k".repeat(256), "ñ", " "),
      "x-request-id": fc.constantFrom("sane-1", "", "x".repeat(129), "ñ", "a b"),
      "x-admin-actor": fc.constantFrom("ops-7", "", "ñ", "x".repeat(65)),
      accept: fc.constantFrom("text/html", "*/*;q=0", ""),
      traceparent: fc.constantFrom("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "junk", ""),
      "x-forwarded-for": fc.constantFrom("1.1.1.1", "junk"),
      "user-agent": fc.constantFrom("", "x".repeat(4_000), "ñ"),
      origin: fc.constantFrom("https://evil.example", "null"),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, string>>,
);

interface Named {
  readonly endpoint: Endpoint;
  readonly identity: "right" | "none" | "junk" | "foreign" | "weak" | "other";
  readonly url: string;
}

function identityHeaders({ endpoint, identity, url }: Named, stage: Stage): Record<string, string> {
  const [scheme] = endpoint.operation.security.flatMap((one) => Object.keys(one));
  if (identity === "none" || scheme === undefined) return {};
  if (identity === "junk") return { "x-api-key": "junk", authorization: "Bearer", "x-admin-key": "junk" };
  if (identity === "foreign") return { "x-api-key": stage.foreignKey, "x-admin-key": stage.apiKey };
  if (identity === "weak") return { "x-api-key": stage.readKey };
  if (identity === "other") return { authorization: `Bearer ${stage.apiKey}` };
  if (scheme === "adminKey") return { "x-admin-key": stage.adminKey };
  if (scheme !== "linkToken") return { "x-api-key": stage.apiKey };
  const linkId = Object.keys(stage.tokens).find((id) => url.includes(id));
  return { authorization: `Bearer ${linkId === undefined ? "none" : stage.tokens[linkId]}` };
}

function reachesAcross({ endpoint, identity, url }: Named, { ownIds, foreignIds }: Stage): boolean {
  if (!endpoint.path.startsWith("/partner/")) return false;
  const outOfReach = identity === "right" || identity === "other" || identity === "weak" ? foreignIds : ownIds;
  return identity !== "none" && outOfReach.some((id) => url.includes(id));
}
