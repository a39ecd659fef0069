import { createServer } from "node:net";
import { describeListener } from "./port-owner.ts";
import { StackError } from "./stack-error.ts";

const LOOPBACK = "127.0.0.1";
/** A closed connection keeps its port for a minute (TIME_WAIT). */
const CONNECTION_ENDS_WITHIN_MS = 65_000;
const LOOK_EVERY_MS = 250;

/** A TCP port that nobody listened on at 127.0.0.1 a moment ago. Another process may still take it first. */
export function freePort(): Promise<number> {
  return listenBriefly(0);
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

function listenBriefly(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(wanted, LOOPBACK, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}

function isErrorWithCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
