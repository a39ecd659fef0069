import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { type Answer, type OpenapiDocument, resolved } from "../../gateway/documentation/openapi-document.ts";
import { isDateTime } from "../../schemas/date-time.ts";
import type { FuzzRequest } from "./requests.ts";

/** An answer as it came. The text is empty where the answer is no JSON. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What is wrong with an answer to a request, in sentences; none: nothing. */
export type Judge = (request: FuzzRequest, answer: FuzzAnswer) => readonly string[];

/** Judges answers by the document: known status, content type, schema, envelope, and no value of a person in an error. */
export function createJudge(document: OpenapiDocument): Judge {
  const fits = createFits(document);
  return (request, answer) => {
    if (answer.status >= 500) return [`answered ${answer.status}: ${answer.text}`];
    if (request.reachesAcross && answer.status < 400 && request.method !== "OPTIONS") {
      return [`${answer.status} for what is another partner's`];
    }
    if (request.method === "HEAD") return [];
    const isAnswered = request.operation === `${request.method} ${pathOfOperation(request)}`;
    const own = isAnswered ? answersOf(request, document)[answer.status] : undefined;
    return [
      ...(answer.status >= 400 ? problemsOfError(request, answer) : []),
      ...(isAnswered && isReached(request, answer) ? problemsOfKnown({ request, answer, own }, fits) : []),
      ...(!isAnswered && answer.status < 400 ? problemsOfSwapped(request, answer, document) : []),
    ];
  };
}

type Fits = (pointer: string, value: unknown) => readonly string[];

interface Known {
  readonly request: FuzzRequest;
  readonly answer: FuzzAnswer;
  readonly own: Answer | undefined;
}

function problemsOfKnown({ request, answer, own }: Known, fits: Fits): readonly string[] {
  const { status, headers, text } = answer;
  if (own === undefined) return [`the document does not know ${status} of ${request.operation}: ${text}`];
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  if (own.content?.[type] === undefined)
    return [`the document does not know ${type} for ${status} of ${request.operation}`];
  if (type !== "application/json") return [];
  return fits(schemaPointer(request, status), JSON.parse(text)).map(
    (problem) => `${status} of ${request.operation}: ${problem}`,
  );
}

/** A path that was broken on purpose may lead to another endpoint, or to none. */
function isReached({ url, operation }: FuzzRequest, { status }: FuzzAnswer): boolean {
  if (status === 404 || status === 405) return false;
  const [path = ""] = url.split("?");
  return (
    path.split("/").length === operation.split("/").length && !path.split("/").some((part) => /^(\.|%2e)+$/i.test(part))
  );
}

/** Another method than the endpoint's may be one that the path has too, or CORS asking; nothing else succeeds. */
function problemsOfSwapped({ method, operation }: FuzzRequest, { status }: FuzzAnswer, { paths }: OpenapiDocument) {
  const path = operation.slice(operation.indexOf(" ") + 1);
  const isKnown = paths[path]?.[method.toLowerCase()] !== undefined || method === "OPTIONS";
  return isKnown ? [] : [`${method} ${path} is not in the document, but was answered with ${status}`];
}

function problemsOfError(request: FuzzRequest, { status, headers, text }: FuzzAnswer): readonly string[] {
  const error = envelopeOf(text);
  if (error === null) return [`${status} has no error envelope: ${text.slice(0, 200)}`];
  return [
    ...(error.requestId === headers.get("x-request-id") ? [] : [`${status} has another requestId than X-Request-Id`]),
    ...personalTexts(request.body)
      .filter((value) => text.includes(value))
      .map((value) => `${status} tells a value of userData: ${value}`),
  ];
}

function envelopeOf(text: string): { readonly code: string; readonly requestId: string } | null {
  if (!text.startsWith("{")) return null;
  const { success, error } = JSON.parse(text);
  return success === false && typeof error?.code === "string" && typeof error.message === "string" ? error : null;
}

/** Short texts stand in any sentence by chance. */
const SHORTEST = 6;
/** Words of the API, which errors may say. */
const WORDS =
  /^(bank_account|name\.(second|first|last)\w*|toString|idNumber|paymentMethod|partner\w*|userData|string|number|object)$/;

function personalTexts(body: FuzzRequest["body"]): readonly string[] {
  if (typeof body !== "string" || !body.trim().startsWith("{")) return [];
  try {
    return textsIn(JSON.parse(body).userData).filter((text) => text.trim().length >= SHORTEST && !WORDS.test(text));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function pathOfOperation({ operation }: FuzzRequest): string {
  return operation.slice(operation.indexOf(" ") + 1);
}

function answersOf({ operation, method }: FuzzRequest, { paths, components }: OpenapiDocument) {
  const responses = paths[operation.slice(operation.indexOf(" ") + 1)]?.[method.toLowerCase()]?.responses ?? {};
  return Object.fromEntries(
    Object.entries(responses).map(([status, one]) => [status, resolved(one, components.responses)]),
  );
}

function schemaPointer(request: FuzzRequest, status: number): string {
  const { method } = request;
  const steps = [
    "paths",
    pathOfOperation(request),
    method.toLowerCase(),
    "responses",
    String(status),
    "content",
    "application/json",
  ];
  return steps.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
}

/** Validators of the document's own schemas, compiled when they are first needed. */
function createFits(document: OpenapiDocument): Fits {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  formats.default(ajv, ["date", "uri", "uri-reference"]);
  ajv.addFormat("date-time", { type: "string", validate: isDateTime });
  ajv.addSchema({ $id: "document://openapi", components: document.components });
  const known = new Map<string, ReturnType<typeof ajv.compile>>();
  return (pointer, value) => {
    const check = known.get(pointer) ?? ajv.compile(absolute(schemaAt(document, pointer)));
    known.set(pointer, check);
    return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

function absolute(schema: unknown): object {
  const text = JSON.stringify(schema, (key, value: unknown) => (key === "$ref" ? `document://openapi${value}` : value));
  return JSON.parse(text) as object;
}

function schemaAt(document: OpenapiDocument, pointer: string): unknown {
  const steps = pointer.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [, path = "", method = "", , status = ""] = steps;
  const answer = document.paths[path]?.[method]?.responses[status];
  return answer && resolved(answer, document.components.responses).content?.["application/json"]?.schema;
}
