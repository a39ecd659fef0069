import type { RequestListener } from "node:http";
import { createHttpServer } from "../../gateway/http-server.ts";

/** A listener that runs on a free port of this machine. */
export interface Served {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves a listener until `stop`. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createHttpServer(listener, { host: "127.0.0.1", port: 0 });
  await server.start();
  return { url: `http://127.0.0.1:${server.port()}`, stop: server.stop };
}

/** One call; an object as body is sent as JSON. */
export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "HEAD";
  readonly path: string;
  /** Sent as X-API-Key. */
  readonly apiKey?: string;
  /** Sent as Bearer token. */
  readonly bearer?: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, with the Content-Type that `headers` say, else JSON. */
  readonly rawBody?: string | Uint8Array<ArrayBuffer>;
}

/** The envelope of every JSON answer of the gateway. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
export type Json = any;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed answer; undefined when it is not JSON. */
  readonly json: Json;
}

/** Makes calls of one server. */
export function callerOf(url: string): (call: Call) => Promise<Answered> {
  return async (call) => {
    const answer = await fetch(`${url}${call.path}`, {
      method: call.method ?? "GET",
      headers: headersOf(call),
      ...bodyOf(call),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  };
}

function headersOf({ apiKey, bearer, idempotencyKey, headers, body, rawBody }: Call): Record<string, string> {
  return {
    ...(body === undefined && rawBody === undefined ? {} : { "content-type": "application/json" }),
    ...(apiKey === undefined ? {} : { "x-api-key": apiKey }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    ...headers,
  };
}

function bodyOf({ body, rawBody }: Call): { readonly body?: string | Uint8Array<ArrayBuffer> } {
  if (rawBody !== undefined) return { body: rawBody };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}
