import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../runtime/clock.ts";
import { CommandFailed, dependencyDown } from "./command-failed.ts";
import type { Settings } from "./settings.ts";
import { type Caller, wayOutOf } from "./way-out.ts";

export interface GatewayCall {
  /** With a partner's key, or with the operators'. */
  readonly as: Caller;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** The HTTP API. */
export interface GatewayClient {
  /**
   * The `data` of the answer. A write that is accepted and not decided yet is asked for again under the same
   * Idempotency-Key.
   * @throws CommandFailed: refused, with the way out; dependency down for no answer, a 5xx or no decision in time.
   */
  readonly call: <Data>(call: GatewayCall) => Promise<Data>;
}

const ANSWER_WITHIN_MS = 20_000;
const DECIDED_WITHIN_MS = 60_000;
const PAUSE_MS = 250;

/** Reads url and keys when a call is made, so that what a command does not use need not be there. */
export function createGatewayClient(settings: Settings, clock: Clock): GatewayClient {
  return {
    call: async <Data>(call: GatewayCall): Promise<Data> => {
      const send = sender(settings, call);
      const deadline = clock() + DECIDED_WITHIN_MS;
      let answered = await send();
      while (isUndecided(answered) && clock() < deadline) {
        await wait(PAUSE_MS);
        answered = await send();
      }
      return dataOf<Data>(call, answered);
    },
  };
}

interface Answered {
  readonly url: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function sender(settings: Settings, { as, method, path, query = {}, body }: GatewayCall): () => Promise<Answered> {
  const url = settings.require("url");
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
  const keys: Readonly<Record<string, string>> =
    as === "partner"
      ? { "X-API-Key": settings.require("key") }
      : { "X-Admin-Key": settings.require("adminKey"), "X-Admin-Actor": settings.require("operator") };
  const own = method === "GET" ? {} : { "Content-Type": "application/json", "Idempotency-Key": randomUUID() };
  const text = method === "GET" || body === undefined ? null : JSON.stringify(body);
  return () => sendOnce(url, `${path}${search}`, { method, headers: { ...keys, ...own }, body: text });
}

async function sendOnce(url: string, path: string, init: RequestInit): Promise<Answered> {
  const wayOut = 'Start the system with "npm start", or name another gateway with --url';
  try {
    const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body: unknown = await response.json().catch(() => null);
    if (typeof body === "object" && body !== null) return { url, status: response.status, body: { ...body } };
  } catch (cause) {
    throw dependencyDown(`Nothing answers at ${url}`, wayOut, cause);
  }
  throw dependencyDown(`What answers at ${url} is not the gateway`, wayOut);
}

function isUndecided({ status, body }: Answered): boolean {
  return status === 202 && (body["data"] as { readonly status?: string } | undefined)?.status === "accepted";
}

function dataOf<Data>({ as, method, path }: GatewayCall, answered: Answered): Data {
  if (isUndecided(answered)) {
    const { commandId } = answered.body["data"] as { readonly commandId: string };
    const message = `${method} ${path} was accepted as ${commandId} and is not decided yet`;
    throw dependencyDown(message, "It is not lost. See whether the consumers run: `m2m doctor`");
  }
  if (answered.body["success"] === true) return answered.body["data"] as Data;
  throw failureOf(answered, as);
}

function failureOf({ url, status, body }: Answered, as: Caller): CommandFailed {
  const error = (body["error"] ?? {}) as Readonly<Record<string, unknown>>;
  const { code = "UNKNOWN", message = `status ${status}`, ...facts } = error;
  const kind = status >= 500 ? "dependency_down" : "refused";
  const doctor = `The gateway at ${url} cannot work now; \`m2m doctor\` says why`;
  const wayOut = kind === "refused" ? wayOutOf(String(code), facts, as) : doctor;
  return new CommandFailed(String(message), {
    ...{ kind, code: String(code), facts },
    ...(wayOut === undefined ? {} : { wayOut }),
  });
}
