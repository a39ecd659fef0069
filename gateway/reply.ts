import type { Readable } from "node:stream";
import { ERRORS } from "./http-errors.ts";
import type { RequestRefused } from "./request-refused.ts";

/** A finished answer; the body is text, so that a replayed answer has the very same bytes. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that goes on for as long as its stream does. */
export interface StreamReply extends Omit<Reply, "body"> {
  readonly body: Readable;
}

/** Answers hold personal values and secrets: nobody on the way keeps them. */
const JSON_HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** The envelope of a success: `{"success":true,"data":…}`. */
export function success(status: number, data: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonReply(status, { success: true, data }, headers);
}

/** The envelope of an error: code, message, what the caller needs to find the way out, and the request's id. */
export function failure(refused: RequestRefused, requestId: string): Reply {
  const { code, message, facts, headers } = refused;
  return jsonReply(ERRORS[code].status, { success: false, error: { code, message, ...facts, requestId } }, headers);
}

/** JSON that was written before: a remembered answer, or one whose text is already there. */
export function textReply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, body, headers: { ...JSON_HEADERS, ...headers } };
}

function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>>): Reply {
  return textReply(status, JSON.stringify(body), headers);
}
