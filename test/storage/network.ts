import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can go dead without any end of it being told, as networks do. */
export interface Network {
  readonly port: number;
  /** Nothing passes any more, in either direction, and nothing is closed. */
  readonly goSilent: () => void;
  /** New connections pass again; those that were silent stay so. */
  readonly recover: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a way to a port of this machine, at a free port or at the one that is given. */
export async function openNetwork(port: number, ownPort = 0): Promise<Network> {
  let isSilent = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("data", (bytes) => isSilent || dead.has(near) || far.write(bytes));
    far.on("data", (bytes) => isSilent || dead.has(near) || near.write(bytes));
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
