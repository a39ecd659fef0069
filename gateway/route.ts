import type { Trace } from "../runtime/trace.ts";
import type { KnownKey, Permission } from "../storage/configuration/api-keys.ts";
import type { ErrorCode } from "./http-errors.ts";
import type { Reply, StreamReply } from "./reply.ts";

/** Who called, according to the key. */
export type Caller = Omit<KnownKey, "isSuspended">;

/** What a route gets of a request; everything in it is still unchecked unless it says otherwise. */
export interface RouteRequest {
  readonly requestId: string;
  readonly trace: Trace;
  readonly method: string;
  /** The path in one spelling, whatever was percent-encoded how: scopes idempotency. */
  readonly path: string;
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** A name that was given twice has its first value. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Checked: 1..255 characters; null when none was sent. */
  readonly idempotencyKey: string | null;
  readonly userAgent: string | null;
  /** Told once a command of this request may be on its way: from then on a failure is not "nothing was accepted". */
  readonly noteCommand: (commandId: string) => void;
}

export interface PartnerRequest extends RouteRequest {
  readonly caller: Caller;
}

/** The token was checked: the caller holds this link's secret. */
export interface WidgetRequest extends RouteRequest {
  readonly linkId: string;
}

/** The admin key was checked. */
export interface AdminRequest extends RouteRequest {
  /** Who of the operators asks, as X-Admin-Actor says; for the history, never a person's name. */
  readonly operator: string;
}

/** What the printed API says of a route; schemas are named as in `validate`, without `.json`. */
export interface RouteDescription {
  /** One sentence without a full stop. */
  readonly summary: string;
  readonly body?: string;
  readonly query?: string;
  /** Of the usual success; null when the answer is no JSON (then `mediaType` says what it is). */
  readonly answer: string | null;
  readonly mediaType?: string;
  readonly status: number;
  /** Other successes than the usual one, by status. */
  readonly alsoAnswers?: Readonly<Record<number, string>>;
  /** Whether a 202 `http/answers/accepted` is possible: the route writes a command. */
  readonly isCommand?: true;
  /** Refusals besides those that every route of its access can give (authentication, rate, body, 5xx). */
  readonly errors: readonly ErrorCode[];
}

interface RouteShape {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string | RegExp;
  /** How the route is called in logs and metrics; no value of a request may appear there. */
  readonly name: string;
  readonly describe: RouteDescription;
  /** Left out: 256 KiB. */
  readonly maxBodyBytes?: number;
}

export interface PublicRoute extends RouteShape {
  readonly access: "public";
  readonly answer: (request: RouteRequest) => Promise<Reply>;
}

export interface PartnerRoute extends RouteShape {
  readonly access: "partner";
  readonly permission: Permission;
  readonly limit: "links" | "requests";
  readonly answer: (request: PartnerRequest) => Promise<Reply>;
}

export interface WidgetRoute extends RouteShape {
  readonly access: "widget";
  readonly answer: (request: WidgetRequest) => Promise<Reply | StreamReply>;
}

export interface AdminRoute extends RouteShape {
  readonly access: "admin";
  readonly answer: (request: AdminRequest) => Promise<Reply>;
}

/** One endpoint: where it is, who may call it, and what it answers. One file each under routes/. */
export type Route = PublicRoute | PartnerRoute | WidgetRoute | AdminRoute;

/** 9 MiB: where userData may carry an idImage of 6 MiB, in base64. */
export const IMAGE_BODY_BYTES = 9 * 1024 * 1024;
