import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Part } from "../runtime/lifecycle.ts";

export interface HttpServer extends Part {
  readonly start: () => Promise<void>;
  /** Takes no new connection, answers what it has taken, and resolves when the last answer is out. */
  readonly stop: () => Promise<void>;
  /** The port it listens on, once started: the one that was asked for, or the one it got for port 0. */
  readonly port: () => number;
}

/** A whole request has to arrive within this time. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than load balancers keep an idle connection, so that they never send into one that is just closing. */
const KEEP_ALIVE_MS = 75_000;

/** The gateway's server. A taken port makes `start` throw. */
export function createHttpServer(
  listener: RequestListener,
  listen: { readonly port: number; readonly host: string },
): HttpServer {
  const answering = new Set<ServerResponse>();
  let isStopping = false;
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS });
  server.on("request", (request, response) => {
    answering.add(response);
    response.shouldKeepAlive &&= !isStopping;
    response.on("close", () => answering.delete(response));
    listener(request, response);
  });
  return {
    name: "http server",
    start: () => listening(server, listen),
    stop: () => {
      isStopping = true;
      for (const response of answering) response.shouldKeepAlive = false;
      return closed(server);
    },
    port: () => (server.address() as AddressInfo).port,
  };
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

/** Closing a server also closes its idle connections; busy ones end with their answer. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  });
}
