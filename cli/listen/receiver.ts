import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReceivedWebhook } from "./check-signatures.ts";

/** Takes a webhook and gives the status to answer with. */
export type TakeWebhook = (webhook: ReceivedWebhook) => Promise<number>;

export interface Receiver {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Where on the receiver webhooks arrive. */
export const WEBHOOK_PATH = "/webhooks";
const MOST_BYTES = 1_048_576;

/** Listens on loopback, on any free port when the wanted one is taken. */
export async function startReceiver(wantedPort: number, take: TakeWebhook): Promise<Receiver> {
  const server = createServer((request, response) => {
    answer(request, take).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(wantedPort).catch((error: NodeJS.ErrnoException) => {
    if (wantedPort === 0 || error.code !== "EADDRINUSE") throw error;
    return listen(0);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(request: IncomingMessage, take: TakeWebhook): Promise<number> {
  if (request.method !== "POST" || request.url !== WEBHOOK_PATH) return 404;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).byteLength;
    if (bytes > MOST_BYTES) return 413;
    parts.push(part as Buffer);
  }
  return take({ headers: request.headers, body: Buffer.concat(parts).toString("utf8") });
}
