import fc from "fast-check";
import type { OpenapiDocument } from "../../gateway/documentation/openapi-document.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { createJudge, type FuzzAnswer } from "./judge.ts";
import { type Endpoint, endpointsOf, type FuzzRequest, requestsOf, requestsTo } from "./requests.ts";
import type { Stage } from "./stage.ts";

export interface Run {
  readonly seed: number;
  readonly requests: number;
}

/** What a run has seen: how many answers of each status, and which endpoints were reached with a success. */
export interface FuzzReport {
  readonly statuses: Record<string, number>;
  readonly succeeded: Set<string>;
  readonly asked: Set<string>;
}

/**
 * Makes the requests of a seed one after another. Throws with the smallest request it can find when an answer is a 5xx,
 * does not fit the document, tells a value of a person in an error, or when a 4xx has stored something.
 */
export async function fuzz(stage: Stage, document: OpenapiDocument, { seed, requests }: Run): Promise<FuzzReport> {
  const { database, gatewayUrl } = stage.system;
  const report: FuzzReport = { statuses: {}, succeeded: new Set(), asked: new Set() };
  const judge = createJudge(document);
  let before = await fingerprintOf(database);
  const property = fc.asyncProperty(requestsOf(document, stage), async (request) => {
    const answer = await send(gatewayUrl, request);
    const after = await fingerprintOf(database);
    const hasStored = after !== before;
    before = after;
    note(report, request, answer);
    const problems = [
      ...judge(request, answer),
      ...(hasStored && answer.status >= 400 ? [`${answer.status}, and yet something was stored`] : []),
    ];
    if (problems.length > 0) throw new Error(`${problems.join("\n")}\n${curlOf(gatewayUrl, request)}`);
  });
  await fc.assert(property, { seed, numRuns: requests, endOnFailure: false });
  return report;
}

/** So many requests are tried until an endpoint answers with a success. */
const MOST_TRIES = 400;

/**
 * Asks every endpoint until it answers with a success, and judges every answer. Gives those that never did: nothing on
 * the stage, or no request of the fuzzer's, is what they take.
 */
export async function reachEvery(stage: Stage, document: OpenapiDocument, seed: number): Promise<readonly string[]> {
  const judge = createJudge(document);
  const unreached: string[] = [];
  for (const endpoint of endpointsOf(document).toSorted((a, b) => endsOf(a) - endsOf(b))) {
    const requests = fc.sample(requestsTo(endpoint, document, stage), { seed, numRuns: MOST_TRIES });
    const isReached = await someSucceeds(requests, stage.system.gatewayUrl, judge);
    if (!isReached) unreached.push(`${endpoint.method} ${endpoint.path}`);
  }
  return unreached;
}

/** What takes things away comes last: others need them. */
function endsOf({ method, path }: Endpoint): number {
  return method === "DELETE" || /revoke|suspend|drop|regenerate|cancel/.test(path) ? 1 : 0;
}

async function someSucceeds(
  requests: readonly FuzzRequest[],
  gatewayUrl: string,
  judge: ReturnType<typeof createJudge>,
): Promise<boolean> {
  for (const request of requests) {
    const answer = await send(gatewayUrl, request);
    const problems = judge(request, answer);
    if (problems.length > 0) throw new Error(`${problems.join("\n")}\n${curlOf(gatewayUrl, request)}`);
    if (answer.status < 300 && request.operation.startsWith(`${request.method} `)) return true;
  }
  return false;
}

async function send(gatewayUrl: string, { method, url, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const ended = new AbortController();
  const answer = await fetch(gatewayUrl + url, {
    ...{ method, headers: latin1(headers), redirect: "manual", signal: ended.signal },
    ...(body === undefined ? {} : { body }),
  });
  // A stream of events never ends by itself.
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  const text = isStream ? "" : await answer.text();
  if (isStream) ended.abort();
  return { status: answer.status, headers: answer.headers, text };
}

/** Header values go over the wire as single bytes. */
function latin1(headers: FuzzRequest["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\t\x20-\xff]/g, "?")]),
  );
}

function note({ statuses, succeeded, asked }: FuzzReport, { operation, method }: FuzzRequest, { status }: FuzzAnswer) {
  statuses[status] = (statuses[status] ?? 0) + 1;
  asked.add(operation);
  if (status < 300 && operation.startsWith(`${method} `)) succeeded.add(operation);
}

function curlOf(gatewayUrl: string, { method, url, headers, body }: FuzzRequest): string {
  const sent = typeof body === "string" ? body.slice(0, 2_000) : body && `<${body.length} bytes>`;
  return JSON.stringify({ method, url: gatewayUrl + url, headers, body: sent });
}
