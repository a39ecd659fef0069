import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DemoFailed } from "./demo-failed.ts";
import { signatureFault } from "./verify-signatures.ts";

/** A webhook whose signatures fit. */
export interface Webhook {
  readonly id: string;
  readonly event: string;
  readonly sequence: number;
  readonly userVersion: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Wanted {
  /** What is waited for, in words, for the case that it never comes. */
  readonly name: string;
  readonly matches: (webhook: Webhook) => boolean;
}

/** The partner's own server for webhooks. */
export interface Receiver {
  readonly url: string;
  /** Until the secret is known every webhook is sent back with 503, so that it comes again. */
  readonly trust: (secret: string) => void;
  /** The wanted webhook, at once if it has come already. Throws DemoFailed after 30 s, and for a forged one. */
  readonly next: (wanted: Wanted) => Promise<Webhook>;
  /** Every webhook so far, each once. */
  readonly all: () => readonly Webhook[];
  readonly close: () => Promise<void>;
}

export interface ReceiverSettings {
  /** 0 for any that is free. */
  readonly port: number;
  /** What else is wrong with a body; null when nothing is. */
  readonly faultOf: (body: unknown) => string | null;
}

const PATIENCE_MS = 30_000;
const PATH = "/webhooks";

/** Listens on loopback and keeps what is genuine; a repeated delivery is kept once. Rejects when the port is taken. */
export async function startReceiver({ port, faultOf }: ReceiverSettings): Promise<Receiver> {
  const kept = new Map<string, Webhook>();
  const waiting = new Set<() => void>();
  let secret: string | null = null;
  let fault: string | null = null;

  const take = (request: IncomingMessage, body: string): number => {
    if (request.method !== "POST" || request.url !== PATH) return 404;
    if (secret === null) return 503;
    const wrong = signatureFault({ headers: request.headers, body }, secret, Date.now()) ?? faultOf(parsed(body));
    if (wrong === null) keep(kept, body);
    else fault = wrong;
    for (const look of waiting) look();
    return wrong === null ? 204 : 400;
  };

  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => response.writeHead(take(request, body)).end(),
      () => response.destroy(),
    );
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    trust: (given) => {
      secret = given;
    },
    next: (wanted) =>
      waitFor(wanted, { find: () => [...kept.values()].find(wanted.matches), fault: () => fault, waiting }),
    all: () => [...kept.values()],
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Waiting {
  readonly find: () => Webhook | undefined;
  readonly fault: () => string | null;
  readonly waiting: Set<() => void>;
}

function waitFor({ name }: Wanted, { find, fault, waiting }: Waiting): Promise<Webhook> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(deadline);
      waiting.delete(look);
      end();
    };
    const look = (): void => {
      const wrong = fault();
      const found = find();
      if (wrong !== null) settle(() => reject(new DemoFailed(`A webhook came that is not right: ${wrong}`)));
      else if (found !== undefined) settle(() => resolve(found));
    };
    const late = `No webhook ${name} came within ${PATIENCE_MS / 1000} s`;
    const deadline = setTimeout(() => settle(() => reject(new DemoFailed(late))), PATIENCE_MS);
    waiting.add(look);
    look();
  });
}

function keep(kept: Map<string, Webhook>, body: string): void {
  const webhook = JSON.parse(body) as Webhook;
  kept.set(webhook.id, webhook);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}
