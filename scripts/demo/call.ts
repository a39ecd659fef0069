import { randomUUID } from "node:crypto";
import type { Validate } from "../../schemas/validators.ts";
import { DemoFailed } from "./demo-failed.ts";
import type { Story } from "./narrate.ts";

/** One HTTP call and what is expected of it. */
export interface Call<Data> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  /** The schema of the answer below schemas/http/answers. */
  readonly answer: string;
  /** The answer in plain words. */
  readonly summary: (data: Data) => string;
}

export interface CallerSettings {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly story: Story;
  readonly validators: (name: string) => Validate;
}

export type Caller = <Data>(call: Call<Data>) => Promise<Data>;

const PATIENCE_MS = 60_000;
const CALL_TIMEOUT_MS = 20_000;

/**
 * Calls the API, tells it, and holds the answer to the contract: the status that was expected, a body that fits its
 * published schema. A write that is accepted but not decided yet (202) is asked for again with the same Idempotency-Key,
 * which joins the same command. Throws DemoFailed.
 */
export function createCaller({ baseUrl, headers, story, validators }: CallerSettings): Caller {
  return async <Data>({ method, path, body, status, answer, summary }: Call<Data>): Promise<Data> => {
    story.sent(`${method} ${path}`, body);
    const own = method === "GET" ? {} : { "Content-Type": "application/json", "Idempotency-Key": randomUUID() };
    const text = method === "GET" ? null : JSON.stringify(body ?? {});
    const send = () => sendOnce(`${baseUrl}${path}`, { method, headers: { ...headers, ...own }, body: text });
    const deadline = Date.now() + PATIENCE_MS;
    let answered = await send();
    while (isUndecided(answered) && Date.now() < deadline) answered = await send();
    if (isUndecided(answered))
      throw new DemoFailed(`${method} ${path} was accepted and not decided; do the consumers run?`);
    if (answered.status !== status) throw unexpected(`${method} ${path}`, answered, status);
    const problems = validators(`http/answers/${answer}`)(answered.body);
    if (problems[0])
      throw new DemoFailed(`The answer of ${method} ${path} breaks its contract: ${problems[0].message}`);
    const { data } = answered.body as { readonly data: Data };
    story.answered(status, summary(data));
    return data;
  };
}

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

async function sendOnce(url: string, init: RequestInit): Promise<Answered> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    return { status: response.status, body: await response.json() };
  } catch (cause) {
    throw new DemoFailed(`Nothing answers at ${new URL(url).origin}; start the system with "npm start"`, { cause });
  }
}

/** 202 is also the answer of POST cip, which has no commandId. */
function isUndecided({ status, body }: Answered): boolean {
  return status === 202 && JSON.stringify(body).includes('"commandId"');
}

function unexpected(call: string, { status, body }: Answered, expected: number): DemoFailed {
  const { error } = body as { readonly error?: { readonly code: string; readonly message: string } };
  const reason = error === undefined ? "" : ` (${error.code}: ${error.message})`;
  return new DemoFailed(`${call} was answered ${status} instead of ${expected}${reason}`);
}
