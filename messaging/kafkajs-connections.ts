import { replaceMethod } from "./kafkajs-methods.ts";

/** Where kafkajs 2.2.4 has its connections. */
export const CONNECTION_MODULE = "kafkajs/src/network/connection.js";

/** What is used here of kafkajs's Connection. */
interface Connection {
  chunks: readonly Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  readonly isConnected: () => boolean;
}

type Connect = (this: Connection) => Promise<true>;

/** Every answer begins with its length. */
const LENGTH_BYTES = 4;

/**
 * Lets connections of this process that are opened again begin with nothing read. kafkajs keeps the front of an answer that
 * was cut off and takes what it reads afterwards for the rest of it: from then on it takes any bytes for lengths, gathers
 * answers in memory, and nobody ever gets one (docs/decisions/0062).
 */
export function reopenEmpty(): void {
  replaceMethod<Connect>(
    { module: CONNECTION_MODULE, name: "connect" },
    (original) =>
      function () {
        if (!this.isConnected()) Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
        return original.call(this);
      },
  );
}
