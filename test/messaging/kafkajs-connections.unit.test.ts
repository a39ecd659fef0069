import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CONNECTION_MODULE, reopenEmpty } from "../../messaging/kafkajs-connections.ts";

interface Connection {
  connect: () => Promise<true>;
  disconnect: () => Promise<true>;
  isConnected: () => boolean;
  send: (protocol: object) => Promise<string>;
}

const require = createRequire(import.meta.url);
const createEncoder = require("kafkajs/src/protocol/encoder.js") as { new (): object };
const createConnection = require(CONNECTION_MODULE) as { new (settings: object): Connection };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let server: Server;
let answer: (socket: Socket, correlationId: number) => void;

beforeEach(async () => {
  server = createServer((socket) => {
    // Length, apiKey and apiVersion come before it.
    socket.on("data", (request) => answer(socket, request.readInt32BE(8)));
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.close();
});

/** An answer in Kafka's frame. */
function framed(correlationId: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + Buffer.byteLength(text));
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

const REQUEST = {
  request: {
    apiKey: 18,
    apiVersion: 0,
    apiName: "ApiVersions",
    encode: async () => new createEncoder(),
  },
  response: {
    decode: async (payload: Buffer) => ({ payload }),
    parse: async ({ payload }: { payload: Buffer }) => String(payload),
  },
};

test("an answer that was cut off is forgotten with its connection: the next one is understood", async () => {
  reopenEmpty();
  reopenEmpty();
  const { port } = server.address() as AddressInfo;
  const logger = { ...silent, namespace: () => silent };
  const times = { requestTimeout: 5_000, connectionTimeout: 5_000 };
  const socketFactory = ({ onConnect }: { onConnect: () => void }) => connect(port, "127.0.0.1", onConnect);
  const connection = new createConnection({ host: "127.0.0.1", port, logger, socketFactory, ...times });
  answer = (socket, correlationId) => {
    socket.write(framed(correlationId, "a long answer that does not arrive whole").subarray(0, 20), () =>
      socket.destroy(),
    );
  };
  await connection.connect();
  await expect(connection.send(REQUEST)).rejects.toThrow("Closed connection");
  answer = (socket, correlationId) => {
    socket.write(framed(correlationId, "whole"));
  };
  await connection.connect();
  expect(await connection.send(REQUEST)).toBe("whole");
  await connection.disconnect();
});
