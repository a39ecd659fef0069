import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Health } from "./health.ts";
import type { Part } from "./lifecycle.ts";
import type { Metrics } from "./metrics.ts";

export interface Observed {
  readonly health: Health;
  readonly metrics: Metrics;
}

export interface ObservedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface HealthServer extends Part {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** The port it listens on, once started: the one that was asked for, or the one it got for port 0. */
  readonly port: () => number;
}

const NOT_FOUND: ObservedAnswer = { status: 404, contentType: "text/plain", body: "not found\n" };
const FAILED: ObservedAnswer = { status: 500, contentType: "text/plain", body: "failed\n" };

/**
 * The answer to GET /health/live, /health/ready and /metrics; undefined for any other path.
 * Both the consumers' own server and the gateway answer with this: 200 when all is well, 503 when a check fails.
 */
export async function answerObserved(path: string, { health, metrics }: Observed): Promise<ObservedAnswer | undefined> {
  if (path === "/metrics") {
    return { status: 200, contentType: metrics.registry.contentType, body: await metrics.text() };
  }
  if (path !== "/health/live" && path !== "/health/ready") return undefined;
  const answer = path === "/health/live" ? await health.live() : await health.ready();
  const status = answer.status === "ok" ? 200 : 503;
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(answer) };
}

/**
 * A server for the health and metrics of a process that has no other one. A taken port makes `start` throw; `stop`
 * does not wait for idle connections.
 */
export function createHealthServer(observed: Observed, listen: { readonly port: number; readonly host: string }) {
  const server = createServer(async ({ method, url = "/" }, response) => {
    const path = url.replace(/\?.*$/, "");
    const answer = method === "GET" ? await answerObserved(path, observed).catch(() => FAILED) : undefined;
    const { status, contentType, body } = answer ?? NOT_FOUND;
    response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(body);
  });
  return {
    name: "health server",
    start: () => listening(server, listen),
    stop: () => closed(server),
    port: () => (server.address() as AddressInfo).port,
  } satisfies HealthServer;
}

function listening(server: Server, { port, host }: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
