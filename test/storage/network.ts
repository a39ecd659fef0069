import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can go dead without any end of it being told, as networks do. */
export interface Network {
  readonly port: number;
  /** Nothing passes any more, in either direction, and nothing is closed. */
  readonly goSilent: () => void;
  /** From now on everything takes so much longer, each way. */
  readonly delay: (milliseconds: number) => void;
  /**
   * How often something went towards the server after it had answered: the round trips that somebody waited for. With a
   * delay, so that no answer comes while its question is still being sent.
   */
  readonly roundTrips: () => number;
  /** New connections pass again; those that were silent stay so. */
  readonly recover: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a way to a port of this machine, at a free port or at the one that is given. */
export async function openNetwork(port: number, ownPort = 0): Promise<Network> {
  let isSilent = false;
  let delayMs = 0;
  let isAnswered = true;
  let roundTrips = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    const pass = (bytes: Buffer, to: Socket) => {
      if (isSilent || dead.has(near)) return;
      const arrive = () => {
        if (to === near) isAnswered = true;
        to.write(bytes);
      };
      if (delayMs === 0) arrive();
      else setTimeout(arrive, delayMs);
    };
    near.on("data", (bytes) => {
      if (isAnswered) roundTrips += 1;
      isAnswered = false;
      pass(bytes, far);
    });
    far.on("data", (bytes) => pass(bytes, near));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  const dead = new WeakSet<Socket>();
  server.listen(ownPort, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    goSilent: () => {
      isSilent = true;
    },
    delay: (milliseconds) => {
      delayMs = milliseconds;
    },
    roundTrips: () => roundTrips,
    recover: () => {
      for (const socket of sockets) dead.add(socket);
      isSilent = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
