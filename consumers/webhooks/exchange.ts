import type { Dispatcher } from "undici";
import type { AttemptOutcome } from "../../domain/webhook/verdict.ts";
import { AttemptTimeout, failureClassOf } from "./failure-class.ts";

/** So much of an answer is kept, for the partner to look at. */
export const KEPT_BYTES = 1_024;

/** So much of an answer is read, so that its connection can be used again; a longer one costs the connection. */
export const READ_BYTES = 64 * 1_024;

export interface ExchangeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Exchanged {
  readonly outcome: AttemptOutcome;
  readonly statusCode: number | null;
  readonly retryAfter: string | null;
  readonly answerExcerpt: string | null;
}

/**
 * One POST and its answer. Settles at the end of the answer, when READ_BYTES of it were read (the status is then the
 * answer), at the first error, or after `timeoutMs` counted from this call: a body that drips does not hold it longer.
 * Never rejects. `dispatcher` decides where it may connect.
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest, timeoutMs: number): Promise<Exchanged> {
  const { promise, resolve } = Promise.withResolvers<Exchanged>();
  const answer = createAnswer((exchanged) => {
    clearTimeout(timer);
    resolve(exchanged);
  });
  const timer = setTimeout(() => answer.giveUp(new AttemptTimeout(timeoutMs)), timeoutMs);
  const { origin, pathname, search } = new URL(request.url);
  try {
    const { headers, body } = request;
    dispatcher.dispatch({ origin, path: pathname + search, method: "POST", headers, body }, answer.handler);
  } catch (error) {
    answer.giveUp(error);
  }
  return promise;
}

interface Answer {
  readonly handler: Dispatcher.DispatchHandler;
  /** Ends the exchange as a failure, wherever it is, and closes its connection. */
  readonly giveUp: (error: unknown) => void;
}

/** Gathers an answer; `onEnd` is called exactly once. */
function createAnswer(onEnd: (exchanged: Exchanged) => void): Answer {
  const kept: Buffer[] = [];
  let readBytes = 0;
  let head: { readonly statusCode: number; readonly retryAfter: string | null } | null = null;
  let connection: Dispatcher.DispatchController | null = null;
  let isEnded = false;

  const end = (outcome: AttemptOutcome) => {
    if (isEnded) return;
    isEnded = true;
    const answerExcerpt = head === null ? null : excerptOf(kept);
    onEnd({ outcome, statusCode: head?.statusCode ?? null, retryAfter: head?.retryAfter ?? null, answerExcerpt });
  };
  const fail = (error: unknown) => end({ kind: "unanswered", failureClass: failureClassOf(error) });
  const succeed = () => {
    if (head === null) return fail(new Error("the answer has no status"));
    end({ kind: "answered", statusCode: head.statusCode });
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (controller) => {
      connection = controller;
      // The time limit ran out while this waited for a connection: nothing is sent any more.
      if (isEnded) controller.abort(new Error("the attempt is over"));
    },
    onResponseStart: (_, statusCode, headers) => {
      const retryAfter = headers["retry-after"];
      if (statusCode >= 200) head = { statusCode, retryAfter: typeof retryAfter === "string" ? retryAfter : null };
    },
    onResponseData: (controller, chunk) => {
      if (readBytes < KEPT_BYTES) kept.push(Buffer.from(chunk.subarray(0, KEPT_BYTES - readBytes)));
      readBytes += chunk.length;
      if (readBytes <= READ_BYTES) return;
      succeed();
      controller.abort(new Error("enough of the answer was read"));
    },
    onResponseEnd: succeed,
    onResponseError: (_, error) => fail(error),
  };
  const giveUp = (error: unknown) => {
    fail(error);
    connection?.abort(new Error("the attempt is over"));
  };
  return { handler, giveUp };
}

/** As text. NUL, which Postgres cannot store, and what is no UTF-8 become the replacement character. */
function excerptOf(kept: readonly Buffer[]): string {
  return Buffer.concat(kept).toString("utf8").replaceAll("\0", "\u{fffd}");
}
