import type { ServerResponse } from "node:http";

/** How the receiver treats the requests to one path; `delayMs` passes before anything is answered. */
export type Behaviour =
  | { readonly kind: "answer"; readonly status: number; readonly delayMs?: number; readonly retryAfter?: string }
  /** Reads the request and never answers. */
  | { readonly kind: "hang" }
  /** A good status, then a byte of the body now and then, for ever. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /** A good status, then as much body as the connection takes, for ever. */
  | { readonly kind: "endless" }
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** So many requests a second are taken; the others get 429 and a Retry-After in seconds. */
  | { readonly kind: "limit"; readonly perSecond: number; readonly retryAfterSeconds: number }
  /** Closes the connection instead of an answer. */
  | { readonly kind: "close" }
  /** Fails with `status`, but for one request in `successEvery`. */
  | { readonly kind: "flaky"; readonly status: number; readonly successEvery: number };

export const TAKES_ALL: Behaviour = { kind: "answer", status: 200 };

/** Whether a behaviour takes a request now, and how it answers. */
export interface Answering {
  /** The status that will be answered; null when none will be. */
  readonly status: number | null;
  readonly answer: (response: ServerResponse) => void;
}

/** What one path remembers of the requests before. */
export interface Memory {
  requests: number;
  windowStartMs: number;
  inWindow: number;
}

/** A path that has seen nothing. */
export function newMemory(): Memory {
  return { requests: 0, windowStartMs: 0, inWindow: 0 };
}

/** Decides what becomes of one request; counts it in the path's memory. */
export function respond(behaviour: Behaviour, memory: Memory, nowMs: number): Answering {
  memory.requests += 1;
  switch (behaviour.kind) {
    case "answer":
      return plain(behaviour.status, behaviour);
    case "hang":
      return { status: null, answer: () => undefined };
    case "drip":
      return { status: null, answer: (response) => drip(response, behaviour.everyMs) };
    case "endless":
      return { status: 200, answer: pour };
    case "redirect":
      return redirect(behaviour.status ?? 302, behaviour.location);
    case "limit":
      return isWithin(behaviour.perSecond, memory, nowMs)
        ? plain(200, {})
        : plain(429, { retryAfter: String(behaviour.retryAfterSeconds) });
    case "close":
      return { status: null, answer: (response) => void response.destroy() };
    case "flaky":
      return plain(memory.requests % behaviour.successEvery === 0 ? 200 : behaviour.status, {});
    default:
      return behaviour satisfies never;
  }
}

function plain(
  status: number,
  { delayMs = 0, retryAfter }: { readonly delayMs?: number; readonly retryAfter?: string },
): Answering {
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  const send = (response: ServerResponse) => void response.writeHead(status, { ...headers, "content-length": 0 }).end();
  return { status, answer: delayMs === 0 ? send : (response) => void setTimeout(() => send(response), delayMs) };
}

function redirect(status: number, location: string): Answering {
  return { status, answer: (response) => void response.writeHead(status, { location }).end() };
}

function drip(response: ServerResponse, everyMs: number): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write("."), everyMs);
  response.once("close", () => clearInterval(timer));
}

function pour(response: ServerResponse): void {
  const block = "x".repeat(64 * 1_024);
  const more = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on("drain", more).on("error", () => response.destroy());
  response.writeHead(200);
  more();
}

function isWithin(perSecond: number, memory: Memory, nowMs: number): boolean {
  if (nowMs - memory.windowStartMs >= 1_000) Object.assign(memory, { windowStartMs: nowMs, inWindow: 0 });
  memory.inWindow += 1;
  return memory.inWindow <= perSecond;
}
