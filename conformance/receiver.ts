import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook as it came over the wire; header names are in small letters. */
export interface Webhook {
  /** Where it was sent to. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: unknown;
  /** When it came, milliseconds since 1970. */
  readonly atMs: number;
}

/** A partner's own server for webhooks: keeps what comes to any path below `url` and answers 204. */
export interface Receiver {
  readonly url: string;
  readonly received: () => readonly Webhook[];
  readonly close: () => Promise<void>;
}

/** Listens on loopback; port 0 takes any that is free. Rejects when the port is taken. */
export async function startReceiver(port: number): Promise<Receiver> {
  const received: Webhook[] = [];
  const server = createServer((request, response) => {
    bodyOf(request).then(
      (body) => {
        const url = `${originOf(server)}${request.url ?? ""}`;
        received.push({ url, headers: headersOf(request), body, json: parsed(body), atMs: Date.now() });
        response.writeHead(204).end();
      },
      () => response.destroy(),
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${originOf(server)}/conformance`,
    received: () => received,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
