import type { Dispatcher } from "undici";
import type { AttemptOutcome } from "../../domain/webhook/verdict.ts";
import { failureClassOf, TimeLimitReached } from "./failure-class.ts";

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

export interface ExchangeLimits {
  /** Longest time from this call to the end of the answer. */
  readonly totalMs: number;
  /** Longest time from the request on its connection to the answer's status and headers. */
  readonly firstByteMs: number;
}

/**
 * One POST and its answer. Settles at the end of the answer, when READ_BYTES of it were read (the status is then the
 * answer), at the first error, or when a limit is reached: neither a wait for a connection nor a body that drips holds
 * it longer. After a whole answer it settles when its connection is free again, so that the next exchange finds it.
 * Never rejects. `dispatcher` decides where it may connect.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  { totalMs, firstByteMs }: ExchangeLimits,
): Promise<Exchanged> {
  const { promise, resolve } = Promise.withResolvers<Exchanged>();
  const giveUpAfter = (limitMs: number) => setTimeout(() => answer.giveUp(new TimeLimitReached(limitMs)), limitMs);
  let untilFirstByte: NodeJS.Timeout | undefined;
  const answer = createAnswer({
    onSent: () => {
      if (firstByteMs < totalMs) untilFirstByte = giveUpAfter(firstByteMs);
    },
    onHead: () => clearTimeout(untilFirstByte),
    onEnd: (exchanged, isWhole) => {
      clearTimeout(total);
      clearTimeout(untilFirstByte);
      if (isWhole) afterConnectionIsFree(() => resolve(exchanged));
      else resolve(exchanged);
    },
  });
  const total = giveUpAfter(totalMs);
  const { origin, pathname, search } = new URL(request.url);
  try {
    const { headers, body } = request;
    dispatcher.dispatch({ origin, path: pathname + search, method: "POST", headers, body }, answer.handler);
  } catch (error) {
    answer.giveUp(error);
  }
  return promise;
}

/** undici takes a connection back in the turn after its answer, which it asks for right after telling us of the end. */
function afterConnectionIsFree(next: () => void): void {
  queueMicrotask(() => setImmediate(next));
}

interface Progress {
  readonly onSent: () => void;
  readonly onHead: () => void;
  /** Called exactly once. `isWhole`: the answer was read to its end, so that its connection may be used again. */
  readonly onEnd: (exchanged: Exchanged, isWhole: boolean) => void;
}

interface Answer {
  readonly handler: Dispatcher.DispatchHandler;
  /** Ends the exchange as a failure, wherever it is, and closes its connection. */
  readonly giveUp: (error: unknown) => void;
}

/** Gathers an answer and tells how far it is. */
function createAnswer({ onSent, onHead, onEnd }: Progress): Answer {
  const kept: Buffer[] = [];
  let readBytes = 0;
  let head: { readonly statusCode: number; readonly retryAfter: string | null } | null = null;
  let connection: Dispatcher.DispatchController | null = null;
  let isEnded = false;

  const end = (outcome: AttemptOutcome, isWhole = false) => {
    if (isEnded) return;
    isEnded = true;
    const answerExcerpt = head === null ? null : excerptOf(kept);
    const { statusCode = null, retryAfter = null } = head ?? {};
    onEnd({ outcome, statusCode, retryAfter, answerExcerpt }, isWhole);
  };
  const fail = (error: unknown) => end({ kind: "unanswered", failureClass: failureClassOf(error) });
  const succeed = (isWhole: boolean) => {
    if (head === null) return fail(new Error("the answer has no status"));
    end({ kind: "answered", statusCode: head.statusCode }, isWhole);
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (controller) => {
      connection = controller;
      // The time limit ran out while this waited for a connection: nothing is sent any more.
      if (isEnded) controller.abort(new Error("the attempt is over"));
      else onSent();
    },
    onResponseStart: (_, statusCode, headers) => {
      if (statusCode < 200) return;
      const retryAfter = headers["retry-after"];
      head = { statusCode, retryAfter: typeof retryAfter === "string" ? retryAfter : null };
      onHead();
    },
    onResponseData: (controller, chunk) => {
      if (readBytes < KEPT_BYTES) kept.push(Buffer.from(chunk.subarray(0, KEPT_BYTES - readBytes)));
      readBytes += chunk.length;
      if (readBytes <= READ_BYTES) return;
      succeed(false);
      controller.abort(new Error("enough of the answer was read"));
    },
    onResponseEnd: () => succeed(true),
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
