import { createServer } from "node:net";
import { describePortOwner } from "./port-owner.ts";
import { StackError } from "./stack-error.ts";

const LOOPBACK = "127.0.0.1";

/** A TCP port that nobody listened on at 127.0.0.1 a moment ago. Another process may still take it first. */
export function freePort(): Promise<number> {
  return listenBriefly(0);
}

/** Refuses with a StackError that names the port, who wants it and, where it can be found out, who has it. */
export async function requireFreePort(port: number, wantedBy: string): Promise<void> {
  try {
    await listenBriefly(port);
  } catch (error) {
    if (!isErrorWithCode(error, "EADDRINUSE")) {
      throw new StackError(`Port ${port} for ${wantedBy} cannot be opened: ${String(error)}`, { cause: error });
    }
    const owner = await describePortOwner(port);
    throw new StackError(`Port ${port}, wanted for ${wantedBy}, is already in use by ${owner}.`, { cause: error });
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
