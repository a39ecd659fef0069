import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { describeListener, listeningInodes } from "../../stack/port-owner.ts";
import { freePort, requireFreePort } from "../../stack/ports.ts";
import { redisAnswers } from "../../stack/probes.ts";
import { StackError } from "../../stack/stack-error.ts";

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

function listen(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on("error", () => socket.destroy()));
    servers.push(server);
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

describe("ports", () => {
  test("a free port can be listened on, and several at once are different", async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    expect(new Set(ports).size).toBe(20);
    await listen(ports[0]!, "127.0.0.1");
  });

  test("a free port is never one that the kernel may give to an outgoing connection", async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  test("a port that nobody has is accepted", async () => {
    await expect(requireFreePort(await freePort(), "kafka")).resolves.toBeUndefined();
  });

  test.each(["127.0.0.1", "0.0.0.0", "::"])(
    "a port taken at %s is named with who wants it and who has it",
    async (host) => {
      const port = await freePort();
      await listen(port, host);
      const refusal = requireFreePort(port, "kafka");
      await expect(refusal).rejects.toBeInstanceOf(StackError);
      await expect(refusal).rejects.toThrow(
        new RegExp(`^Port ${port}, wanted for kafka, is already in use by process ${process.pid} \\(.*\\)\\.$`),
      );
    },
  );
});

/** How many sockets, closed ones of the last minute too, have the port on their own side. */
async function socketsWithPort(port: number): Promise<number> {
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return tables
    .join("\n")
    .split("\n")
    .filter((line) => line.trim().split(/\s+/)[1]?.endsWith(local)).length;
}

/** A connection to `port` from a port that no other socket has: the kernel gives one out twice, to two destinations. */
async function connectFromOwnPort(port: number): Promise<Socket> {
  const shared: Socket[] = [];
  while (true) {
    const connection = connect({ host: "127.0.0.1", port });
    await once(connection, "connect");
    if ((await socketsWithPort(connection.localPort!)) === 1) {
      for (const socket of shared) socket.resetAndDestroy();
      return connection;
    }
    shared.push(connection);
  }
}

test.runIf(process.platform === "linux")("a port that only an outgoing connection holds is waited for", async () => {
  const port = await freePort();
  await listen(port, "127.0.0.1");
  const connection = await connectFromOwnPort(port);
  const waiting = requireFreePort(connection.localPort!, "kafka");
  const first = await Promise.race([waiting.then(() => "free"), describeListener(connection.localPort!)]);
  expect(first).toBeUndefined();
  connection.resetAndDestroy();
  await expect(waiting).resolves.toBeUndefined();
});

test.runIf(process.platform === "linux")("a probe cannot be connected with itself", async () => {
  const port = await freePort();
  const askedFrom: (string | undefined)[] = [];
  const server = createServer((socket) => {
    askedFrom.push(socket.remoteAddress);
    socket.end("not Redis", () => socket.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect(await redisAnswers(port)).toBe(false);
  expect(askedFrom).toEqual([expect.not.stringMatching("127.0.0.1")]);
});

describe("the kernel's table of sockets", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:D888 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:D888 0100007F:9C40 01 00000000:00000000 00:00000000 00000000   101        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0
`;

  test("only sockets that listen on the port count", () => {
    expect(listeningInodes(table, 55_432)).toEqual(["4711"]);
    expect(listeningInodes(table, 80)).toEqual(["4713"]);
    expect(listeningInodes(table, 5_432)).toEqual([]);
    expect(listeningInodes("", 80)).toEqual([]);
  });
});
