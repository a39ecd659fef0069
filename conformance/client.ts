import { setTimeout as delay } from "node:timers/promises";
import { Deviation } from "./deviation.ts";

/** One request as a partner's engineer would send it. */
export interface Request {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the client's own key; null: without any. */
  readonly key?: string | null;
  /** The secret of a link, for calls of its page. */
  readonly token?: string;
}

/** What came back; `json` is undefined when the body was none. */
export interface Answer {
  readonly request: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export type Call = (request: Request) => Promise<Answer>;

const MOST_WAITS = 3;
const PATIENCE_MS = 45_000;

/**
 * A client of the documented API. A 429 is obeyed: it waits as long as Retry-After says and asks again. Throws Deviation
 * when no answer comes.
 */
export function createClient(url: string, ownKey: string): Call {
  const base = url.replace(/\/$/, "");
  const send = async (request: Request): Promise<Answer> => {
    const { method = "GET", path } = request;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: headersOf(request, ownKey),
      ...bodyOf(request),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    return {
      request: `${method} ${path}`,
      status: response.status,
      headers: response.headers,
      text,
      json: parsed(text),
    };
  };
  return async (request) => {
    for (let waits = 0; ; waits += 1) {
      const answer = await send(request).catch((cause: unknown) => {
        throw new Deviation(`${request.method ?? "GET"} ${request.path} was not answered`, { cause });
      });
      if (answer.status !== 429 || waits === MOST_WAITS) return answer;
      await delay(1_000 * Number(answer.headers.get("retry-after") ?? "1"));
    }
  };
}

function headersOf({ body, rawBody, headers = {}, key, token }: Request, ownKey: string): Record<string, string> {
  const authentication = key === undefined ? ownKey : key;
  return {
    ...(body === undefined && rawBody === undefined ? {} : { "Content-Type": "application/json" }),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(token !== undefined || authentication === null ? {} : { "X-API-Key": authentication }),
    ...headers,
  };
}

function bodyOf({ body, rawBody }: Request): { readonly body?: string } {
  if (rawBody !== undefined) return { body: rawBody };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
