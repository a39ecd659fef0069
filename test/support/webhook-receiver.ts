import { createHmac } from "node:crypto";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A webhook as it came over the wire. */
export interface ReceivedWebhook {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly receivedAtMs: number;
  /** Which connection it came on, from 1. */
  readonly connection: number;
}

/** How a receiver answers one webhook. */
export type Reply = (response: ServerResponse, webhook: ReceivedWebhook) => void;

export interface WebhookReceiver {
  /** Where it listens, without a path. */
  readonly url: string;
  /** Everything that arrived so far, in order. */
  readonly received: readonly ReceivedWebhook[];
  readonly connections: () => number;
  /** Answers like this from now on. */
  readonly reply: (reply: Reply) => void;
  /** Closes all idle connections, as a server that has waited long enough does. */
  readonly dropIdleConnections: () => void;
  /** Resolves with everything received as soon as it is enough; rejects when it is not after `timeoutMs`. */
  readonly until: (
    isEnough: (received: readonly ReceivedWebhook[]) => boolean,
    timeoutMs?: number,
  ) => Promise<readonly ReceivedWebhook[]>;
  readonly stop: () => Promise<void>;
}

interface Listening {
  readonly host?: string;
  readonly port?: number;
  /** Speaks https with this certificate. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A partner's server that takes webhooks: answers 200 unless told otherwise. Listens on a free port of `host`. */
export async function startWebhookReceiver(listening: Listening = {}): Promise<WebhookReceiver> {
  const { host = "127.0.0.1", port = 0, certificate } = listening;
  const received: ReceivedWebhook[] = [];
  const waiting = new Set<() => void>();
  let connections = 0;
  let reply: Reply = answerWith(200);
  const numberOf = new WeakMap<object, number>();
  const take: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { url: path = "", headers, socket } = request;
      const body = Buffer.concat(chunks).toString("utf8");
      const connection = numberOf.get(socket) ?? 0;
      const webhook = { path, headers: flat(headers), body, receivedAtMs: Date.now(), connection };
      received.push(webhook);
      reply(response, webhook);
      for (const look of waiting) look();
    });
  };
  const server = certificate === undefined ? createServer(take) : createHttpsServer(certificate, take);
  server.on(certificate === undefined ? "connection" : "secureConnection", (socket) => {
    connections += 1;
    numberOf.set(socket, connections);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  const { port: ownPort } = server.address() as AddressInfo;

  const until: WebhookReceiver["until"] = (isEnough, timeoutMs = 20_000) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly ReceivedWebhook[]>();
    const look = () => {
      if (!isEnough(received)) return;
      waiting.delete(look);
      clearTimeout(timer);
      resolve([...received]);
    };
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(`${received.length} webhooks after ${timeoutMs} ms: ${received.map(nameOf).join(", ")}`));
    }, timeoutMs);
    waiting.add(look);
    look();
    return promise;
  };
  return {
    url: `${certificate === undefined ? "http" : "https"}://${host}:${ownPort}`,
    received,
    connections: () => connections,
    reply: (next) => {
      reply = next;
    },
    dropIdleConnections: () => server.closeIdleConnections(),
    until,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a status, at once. */
export function answerWith(statusCode: number, { body = "", headers = {} }: AnswerParts = {}): Reply {
  return (response) => void response.writeHead(statusCode, headers).end(body);
}

interface AnswerParts {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Never answers. */
export const hang: Reply = () => undefined;

/** Whether both signatures of a webhook are right, worked out anew from api.md section 6. */
export function signaturesOf({ headers, body }: ReceivedWebhook, secret: string) {
  const own = createHmac("sha256", secret).update(`${headers["x-m2m-timestamp"]}.${body}`).digest("hex");
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const standard = createHmac("sha256", key).update(content).digest("base64");
  return {
    isM2mValid: headers["x-m2m-signature"] === `sha256=${own}`,
    isStandardValid: (headers["webhook-signature"] ?? "").split(" ").includes(`v1,${standard}`),
  };
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

function nameOf({ path, headers }: ReceivedWebhook): string {
  return `${headers["x-m2m-event"]} at ${path}`;
}
