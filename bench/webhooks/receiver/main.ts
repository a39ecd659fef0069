import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Behaviour, respond } from "./behaviour.ts";
import { countsOf, createLedger, noteReceipt, type PathRecord } from "./ledger.ts";

/**
 * A partner's server in a process of its own. Every path but those below /control/ is an endpoint that does what it was
 * told. Prints `{"port": …}` on one line when it listens. bench/webhooks/README.md has the control interface.
 */
const ledger = createLedger();
const connectionOf = new WeakMap<object, number>();
let connections = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  readAll(request, (body) => {
    const path = request.url ?? "/";
    if (path.startsWith("/control/")) return control(request, response, body);
    receive(ledger.of(path), { request, response, body });
  });
});
server.on("connection", (socket) => {
  connections += 1;
  connectionOf.set(socket, connections);
  socket.on("error", () => socket.destroy());
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
// A benchmark that dies must not leave its receiver behind.
process.stdin.on("end", () => process.exit()).resume();

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

function receive(record: PathRecord, { request, response, body }: Exchange): void {
  const receivedAtMs = performance.timeOrigin + performance.now();
  const { status, answer } = respond(record.behaviour, record.memory, receivedAtMs);
  const isTaken = status !== null && status >= 200 && status <= 299;
  const id = textAfter(body, '"benchId":"') ?? String(request.headers["webhook-id"]);
  const sent = Number(textAfter(body, '"sentAtMs":"') ?? Number.NaN);
  const sentAtMs = Number.isNaN(sent) ? null : sent;
  noteReceipt(record, { id, sentAtMs, receivedAtMs, isTaken }, status);
  record.connections.add(connectionOf.get(request.socket) ?? 0);
  record.open += 1;
  record.mostOpen = Math.max(record.mostOpen, record.open);
  response.once("close", () => {
    record.open -= 1;
  });
  answer(response);
}

/** Parsing the whole body would cost the machine that is measured more than the request itself. */
function textAfter(body: string, mark: string): string | undefined {
  const at = body.indexOf(mark);
  return at < 0 ? undefined : body.slice(at + mark.length, body.indexOf('"', at + mark.length));
}

function readAll(request: IncomingMessage, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => then(Buffer.concat(chunks).toString("utf8")));
  request.on("error", () => request.destroy());
}

function control({ url = "" }: IncomingMessage, response: ServerResponse, body: string): void {
  const { pathname, searchParams } = new URL(url, "http://receiver");
  const answer = (value: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
  const record = () => ledger.of(searchParams.get("path") ?? "/");
  switch (pathname) {
    case "/control/behave":
      for (const [path, behaviour] of Object.entries(JSON.parse(body))) ledger.behave(path, behaviour as Behaviour);
      return void answer({});
    case "/control/forget":
      ledger.forget();
      return void answer({});
    case "/control/counts":
      return void answer(Object.fromEntries(ledger.paths().map((path) => [path, countsOf(ledger.of(path))])));
    case "/control/latencies":
      return void answer(latencies(record()));
    case "/control/taken":
      return void answer([...record().taken]);
    case "/control/receipts":
      return void answer(record().receipts);
    default:
      return void response.writeHead(404).end();
  }
}

/** Of each event's first receipt: when it was sent and how long it took, in milliseconds. */
function latencies({ receipts }: PathRecord): readonly (readonly [sentAtMs: number, latencyMs: number])[] {
  const seen = new Set<string>();
  return receipts.flatMap(({ id, sentAtMs, receivedAtMs }) => {
    if (sentAtMs === null || seen.has(id)) return [];
    seen.add(id);
    return [[sentAtMs, Math.round((receivedAtMs - sentAtMs) * 1_000) / 1_000] as const];
  });
}
