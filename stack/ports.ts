import { createServer } from "node:net";
import { describeListener } from "./port-owner.ts";
import { StackError } from "./stack-error.ts";

const LOOPBACK = "127.0.0.1";
/** A closed connection keeps its port for a minute (TIME_WAIT). */
const CONNECTION_ENDS_WITHIN_MS = 65_000;
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const TRIES = 100;
const LOOK_EVERY_MS = 250;

/**
 * A TCP port that nobody listened on at 127.0.0.1 a moment ago; another process may still take it first. It lies below
 * the ports that the kernel gives to outgoing connections: a client that keeps trying to reach a stopped service there
 * would in the end be connected with itself, and hold the port against the service.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if (await isFree(port)) return port;
  }
  throw new StackError(`No free port was found between ${LOWEST_PORT} and ${HIGHEST_PORT} in ${TRIES} tries.`);
}

/** True when a port is held by an outgoing connection alone, which will be over soon. */
export async function isHeldByConnection(port: number): Promise<boolean> {
  return !(await isFree(port)) && (await describeListener(port)) === undefined;
}

/**
 * Refuses with a StackError that names the port, who wants it and, where it can be found out, who has it. A port that
 * only an outgoing connection holds, as the kernel gives them out at random, is waited for.
 */
export async function requireFreePort(port: number, wantedBy: string): Promise<void> {
  const deadline = performance.now() + CONNECTION_ENDS_WITHIN_MS;
  while (true) {
    const error = await listenBriefly(port).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return;
    if (!isErrorWithCode(error, "EADDRINUSE")) {
      throw new StackError(`Port ${port} for ${wantedBy} cannot be opened: ${String(error)}`, { cause: error });
    }
    const listener = await describeListener(port);
    if (listener !== undefined || performance.now() > deadline) {
      const owner = listener ?? "an outgoing connection";
      throw new StackError(`Port ${port}, wanted for ${wantedBy}, is already in use by ${owner}.`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function isFree(port: number): Promise<boolean> {
  return listenBriefly(port).then(
    () => true,
    () => false,
  );
}

function listenBriefly(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => server.close(() => resolve()));
  });
}

function isErrorWithCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
