import { createRequire } from "node:module";

/** Where kafkajs 2.2.4 has its connections. */
export const CONNECTION_MODULE = "kafkajs/src/network/connection.js";

const require = createRequire(import.meta.url);

/** What is used here of kafkajs's Connection. */
interface Connection {
  chunks: readonly Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  readonly isConnected: () => boolean;
  connect: () => Promise<true>;
}

/** Every answer begins with its length. */
const LENGTH_BYTES = 4;

/**
 * Lets connections of this process that are opened again begin with nothing read. kafkajs keeps the front of an answer that
 * was cut off and takes what it reads afterwards for the rest of it: from then on it takes any bytes for lengths, gathers
 * answers in memory, and nobody ever gets one (docs/decisions/0062).
 */
export function reopenEmpty(): void {
  const { prototype }: { readonly prototype: Connection } = require(CONNECTION_MODULE);
  const original = prototype.connect;
  if (EMPTYING.has(original)) return;
  const connect: Connection["connect"] = function (this: Connection) {
    if (!this.isConnected()) Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
    return original.call(this);
  };
  EMPTYING.add(connect);
  prototype.connect = connect;
}

const EMPTYING = new WeakSet<Connection["connect"]>();
