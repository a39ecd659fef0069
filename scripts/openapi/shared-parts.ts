import type { Route } from "../../gateway/route.ts";

/** Header parameters that operations refer to, by their name below `#/components/parameters`. */
export const PARAMETERS = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description:
      "Makes a retry safe for 24 hours: the same key with the same body is answered as before; with another body it is 409.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
    example: "order-7-link",
  },
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    required: false,
    description:
      "Your own id for this request, given back; 1 to 128 letters, digits and `_.:-`. Another form is ignored.",
    schema: { type: "string" },
    example: "checkout-7",
  },
  AdminActor: {
    name: "X-Admin-Actor",
    in: "header",
    required: false,
    description:
      "Which operator asks, for the history: up to 64 letters, digits and `._-`; `admin` when left out or empty.",
    schema: { type: "string", pattern: "^[A-Za-z0-9._-]{0,64}$" },
    example: "operator-7",
  },
} as const;

/** Headers of answers, by their name below `#/components/headers`. */
export const HEADERS = {
  RequestId: {
    description: "The id of this request; quote it when you ask us.",
    schema: { type: "string", minLength: 1 },
  },
  RateLimitLimit: { description: "Requests per minute.", schema: { type: "integer", minimum: 1 } },
  RateLimitRemaining: { description: "How many are left of them.", schema: { type: "integer", minimum: 0 } },
  RateLimitReset: { description: "Seconds until they are all there again.", schema: { type: "integer", minimum: 0 } },
  RetryAfter: { description: "Seconds to wait before trying again.", schema: { type: "integer", minimum: 0 } },
  Location: {
    description: "Where to read what became of the command.",
    schema: { type: "string", format: "uri-reference" },
  },
  IdempotencyReplayed: {
    description: "`true` when this answer was given before to the same Idempotency-Key.",
    schema: { const: "true" },
  },
} as const;

/** How callers show who they are. */
export const SECURITY_SCHEMES = {
  apiKey: {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
    description: "A partner's key, `m2m_test_…` or `m2m_live_…`; it decides the environment.",
  },
  apiKeyAsBearer: { type: "http", scheme: "bearer", description: "The same key as `Authorization: Bearer`." },
  linkToken: { type: "http", scheme: "bearer", description: "The token of the link in the path." },
  adminKey: { type: "apiKey", in: "header", name: "X-Admin-Key", description: "The operators' key." },
} as const;

/** Which of the schemes open a route; any one of them is enough. */
export function securityOf({ access }: Pick<Route, "access">): readonly Readonly<Record<string, readonly string[]>>[] {
  switch (access) {
    case "partner":
      return [{ apiKey: [] }, { apiKeyAsBearer: [] }];
    case "widget":
      return [{ linkToken: [] }];
    case "admin":
      return [{ adminKey: [] }];
    case "public":
      return [];
    default:
      return access satisfies never;
  }
}

type HeaderName = keyof typeof HEADERS;

/** References to the headers of an answer of a route with this status. */
export function headersOf({ access }: Pick<Route, "access">, status: number, more: readonly HeaderName[] = []) {
  const limits: readonly HeaderName[] = ["RateLimitLimit", "RateLimitRemaining", "RateLimitReset"];
  const isCounted = access !== "public" && status !== 401;
  const names: readonly HeaderName[] = [
    "RequestId",
    ...(isCounted ? limits : []),
    ...([429, 503].includes(status) ? (["RetryAfter"] as const) : []),
    ...more,
  ];
  return Object.fromEntries(names.map((name) => [WIRE[name], { $ref: `#/components/headers/${name}` }]));
}

const WIRE = {
  RequestId: "X-Request-Id",
  RateLimitLimit: "RateLimit-Limit",
  RateLimitRemaining: "RateLimit-Remaining",
  RateLimitReset: "RateLimit-Reset",
  RetryAfter: "Retry-After",
  Location: "Location",
  IdempotencyReplayed: "Idempotency-Replayed",
} as const satisfies Record<HeaderName, string>;
