import { ERRORS, type ErrorCode } from "../../gateway/http-errors.ts";
import type { Reference } from "./collect-schemas.ts";

/** The answer of one status to everything that its codes stand for. */
export interface ErrorResponse {
  readonly status: number;
  readonly codes: readonly ErrorCode[];
  readonly headers: Readonly<Record<string, Reference>>;
}

/** Adds an answer, unless the same is there, and refers to it. */
export type AddErrorResponse = (response: ErrorResponse) => Reference;

/** The error answers of a document, for `#/components/responses`, with an example per code for `#/components/examples`. */
export function createErrorResponses(envelope: Reference) {
  const added = new Map<string, unknown>();
  const addResponse: AddErrorResponse = ({ status, codes, headers }) => {
    const isCounted = "RateLimit-Limit" in headers;
    const name = [status, ...codes, ...(isCounted || status === 401 ? [] : ["uncounted"])].join(".");
    if (!added.has(name)) added.set(name, describe(codes, headers, envelope));
    return { $ref: `#/components/responses/${name}` };
  };
  const examples = Object.fromEntries((Object.keys(ERRORS) as ErrorCode[]).map((code) => [code, exampleOf(code)]));
  return { addResponse, responses: () => Object.fromEntries(added), examples };
}

function describe(codes: readonly ErrorCode[], headers: ErrorResponse["headers"], envelope: Reference) {
  const isOneOfThese = { properties: { error: { properties: { code: { enum: codes } } } } };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].when}`).join("\n"),
    headers,
    content: {
      "application/json": {
        schema: { allOf: [envelope, isOneOfThese] },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode) {
  const { message, when } = ERRORS[code];
  return { summary: when, value: { success: false, error: { code, message, requestId: "req_gateway_a1b2c3d4e5f6" } } };
}
