import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signatureProblem } from "../../cli/listen/check-signatures.ts";
import { m2mSignature, standardSignature } from "../../domain/webhook/signature.ts";
import { freePort } from "../../stack/ports.ts";
import { answerWith, startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { runCli } from "./run-cli.ts";

const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const BODY = JSON.stringify({ id: "evt_1", event: "link.created", timestamp: "2026-01-31T09:30:00.000Z", data: {} });

function signed(body: string, secret = SECRET, seconds = Math.floor(Date.now() / 1_000)): Record<string, string> {
  const message = { id: "evt_1", timestampSeconds: seconds, body };
  return {
    "content-type": "application/json",
    "x-m2m-timestamp": String(seconds),
    "x-m2m-signature": m2mSignature(secret, message),
    "x-m2m-attempt": "2",
    "webhook-id": "evt_1",
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,AAAA ${standardSignature([secret], message)}`,
  };
}

/** The part of a gateway that listening needs; `canDelete` says whether endpoints can be taken away. */
async function startFakeGateway(canDelete: boolean) {
  const endpoints: { endpointId: string; url: string; status: string }[] = [];
  const answerTo = ({ method, url = "" }: IncomingMessage, body: string): readonly [number, unknown] => {
    if (url === "/partner/me") return [200, { slug: "acme", environment: "test" }];
    if (method === "DELETE" && canDelete) return [200, endpoints.pop()];
    if (method === "DELETE") return [405, null];
    if (method === "GET") return [200, { items: endpoints }];
    endpoints.push({ endpointId: `we_${endpoints.length}`, url: JSON.parse(body).url, status: "enabled" });
    return [201, { ...endpoints.at(-1), secret: SECRET }];
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const [status, data] = answerTo(request, Buffer.concat(parts).toString());
    const error = { code: "METHOD_NOT_ALLOWED", message: "no", requestId: "r" };
    response.writeHead(status).end(JSON.stringify(status < 300 ? { success: true, data } : { success: false, error }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoints,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

let folder: string;
let receiver: WebhookReceiver;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "m2m-listen-"));
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await receiver.stop();
  await rm(folder, { recursive: true });
});

/** Listens while `act` runs; it is given the address that the gateway was told. */
async function whileListening(gatewayUrl: string, act: (url: string) => Promise<void>, argv: readonly string[] = []) {
  const stopping = new AbortController();
  const { promise: address, resolve: found } = Promise.withResolvers<string>();
  const ran = runCli(["listen", "--forward-to", `${receiver.url}/hooks`, ...argv], {
    environment: { STACK_DIR: folder, GATEWAY_URL: gatewayUrl, API_KEY: "k" },
    stop: stopping.signal,
    hear: (line) => found(/^Listening at (\S+)/.exec(line)?.[1] ?? ""),
  });
  await act(await address);
  stopping.abort();
  return ran;
}

async function post(url: string, headers: Record<string, string>, body = BODY): Promise<number> {
  const response = await fetch(url, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.status;
}

describe("listening", () => {
  test("a genuine webhook is told and goes on byte for byte; what is answered goes back", async () => {
    const gateway = await startFakeGateway(false);
    receiver.reply(answerWith(418));
    const { out, exitCode } = await whileListening(gateway.url, async (url) => {
      expect(await post(url, signed(BODY))).toBe(418);
    });
    expect(exitCode).toBe(0);
    expect(out).toBe("2026-01-31T09:30:00.000Z  link.created  - #-  evt_1 (attempt 2)  answered 418");
    expect(receiver.received[0]).toMatchObject({ path: "/hooks", body: BODY, headers: { "x-m2m-attempt": "2" } });
    await gateway.stop();
  });

  test("a forged one and another path go nowhere; a receiver that is away is a 502, so that it comes again", async () => {
    const gateway = await startFakeGateway(false);
    const { out, err } = await whileListening(gateway.url, async (url) => {
      expect(await post(url, signed(BODY, `whsec_${randomBytes(32).toString("base64")}`))).toBe(400);
      expect(await post(`${url}/else`, signed(BODY))).toBe(404);
      expect(receiver.received).toEqual([]);
      await receiver.stop();
      expect(await post(url, signed(BODY))).toBe(502);
    });
    expect(err).toContain("not genuine");
    expect(out).toMatch(/not forwarded: .*ECONNREFUSED/);
    await gateway.stop();
  });

  test("events that were not asked for are taken and not told", async () => {
    const gateway = await startFakeGateway(false);
    const others = ["--event", "user.created"];
    const { out } = await whileListening(
      gateway.url,
      async (url) => expect(await post(url, signed(BODY))).toBe(204),
      others,
    );
    expect(out).toBe("");
    expect(receiver.received).toEqual([]);
    await gateway.stop();
  });

  test("the endpoint stays for the next run where it cannot be removed, and its secret is its owner's", async () => {
    const gateway = await startFakeGateway(false);
    // Nobody's outgoing connection may get the port between the two runs.
    const first = await whileListening(gateway.url, async () => {}, ["--port", String(await freePort())]);
    const [memory = ""] = await readdir(folder);
    expect((await stat(join(folder, memory))).mode & 0o777).toBe(0o600);
    await whileListening(gateway.url, async (url) => expect(await post(url, signed(BODY))).toBe(200));
    expect(first.err).toContain("stays, for the next run to reuse");
    expect(gateway.endpoints.length).toBe(1);
    await gateway.stop();
  });

  test("the endpoint is removed where it can be", async () => {
    const gateway = await startFakeGateway(true);
    const { err } = await whileListening(gateway.url, async () => {
      expect(gateway.endpoints.length).toBe(1);
    });
    expect(err).toContain("The endpoint is removed.");
    expect(gateway.endpoints).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    await gateway.stop();
  });

  test("Ctrl-C reaches the command through the launcher: it cleans up and ends with 0", async () => {
    const gateway = await startFakeGateway(true);
    const launcher = resolve(import.meta.dirname, "../../bin/m2m.js");
    const environment = { ...process.env, STACK_DIR: folder, GATEWAY_URL: gateway.url, API_KEY: "k" };
    const args = [launcher, "listen", "--forward-to", receiver.url];
    const child = spawn(process.execPath, args, { env: environment, stdio: ["ignore", "ignore", "pipe"] });
    await once(child.stderr, "data");
    const ended = once(child, "exit");
    child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    expect(gateway.endpoints).toEqual([]);
    await gateway.stop();
  });
});

describe("both signatures are checked", () => {
  const nowMs = Date.now();
  const seconds = Math.floor(nowMs / 1_000);
  test.each<[string, Record<string, string | undefined>, string | null]>([
    ["as it should be", {}, null],
    ["an old one", signed(BODY, SECRET, seconds - 301), "X-M2M-Timestamp is missing or not of these minutes"],
    ["no timestamp", { "x-m2m-timestamp": undefined }, "X-M2M-Timestamp is missing or not of these minutes"],
    ["no second timestamp", { "webhook-timestamp": "" }, "webhook-timestamp is missing or not of these minutes"],
    ["another documented signature", { "x-m2m-signature": `sha256=${"0".repeat(64)}` }, "X-M2M-Signature does not fit"],
    ["another standard signature", { "webhook-signature": "v1,AAAA" }, "webhook-signature does not fit"],
    ["another id", { "webhook-id": "evt_2" }, "webhook-signature does not fit"],
  ])("%s", (_, changed, problem) => {
    expect(signatureProblem({ headers: { ...signed(BODY), ...changed }, body: BODY }, SECRET, nowMs)).toBe(problem);
  });

  test("another body", () => {
    expect(signatureProblem({ headers: signed(BODY), body: `${BODY} ` }, SECRET, nowMs)).toContain("X-M2M-Signature");
  });
});
