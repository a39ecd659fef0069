import { connect } from "node:net";

const ANSWER_WITHIN_MS = 1_000;
const OTHER_LOOPBACK = "127.0.0.2";

/** True when a Redis at 127.0.0.1 answers PING, and is not still loading its data. */
export async function redisAnswers(port: number): Promise<boolean> {
  return (await ask(port, Buffer.from("PING\r\n"))).toString().startsWith("+PONG");
}

/**
 * True when a Kafka broker at 127.0.0.1 answers a client's first question (ApiVersions, version 0). A broker opens its
 * listener early but answers clients only when it has joined its cluster.
 */
export async function kafkaAnswers(port: number): Promise<boolean> {
  const request = Buffer.alloc(14);
  request.writeInt32BE(10, 0); // length of what follows
  request.writeInt16BE(18, 4); // ApiVersions
  request.writeInt16BE(0, 6); // version
  request.writeInt32BE(1, 8); // correlation id
  request.writeInt16BE(-1, 12); // no client id
  const answer = await ask(port, request);
  return answer.length >= 10 && answer.readInt32BE(4) === 1 && answer.readInt16BE(8) === 0;
}

/** True when an HTTP GET at 127.0.0.1 is answered with 200. */
export async function httpAnswers(port: number, path: string): Promise<boolean> {
  const question = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
  return /^HTTP\/1\.[01] 200 /.test((await ask(port, Buffer.from(question))).toString());
}

/**
 * The first bytes a TCP server at 127.0.0.1 answers with. Rejects when it does not within a second.
 *
 * Asks from another loopback address, where there is one. From 127.0.0.1 the kernel would sooner or later pick, as the
 * asking side's port, the very port that is asked; with nobody listening there yet, the connection is made with itself,
 * and the service that is about to start finds its port taken for a minute.
 */
async function ask(port: number, question: Buffer): Promise<Buffer> {
  try {
    return await askFrom(OTHER_LOOPBACK, port, question);
  } catch (error) {
    const isUnknownHere = error instanceof Error && "code" in error && error.code === "EADDRNOTAVAIL";
    if (!isUnknownHere) throw error;
    return askFrom(undefined, port, question);
  }
}

function askFrom(localAddress: string | undefined, port: number, question: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, ...(localAddress === undefined ? {} : { localAddress }) });
    const finish = (act: () => void) => {
      socket.destroy();
      act();
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => finish(() => reject(new Error(`port ${port} does not answer`))));
    socket.once("error", (error) => finish(() => reject(error)));
    socket.once("close", () => finish(() => reject(new Error(`port ${port} closes without an answer`))));
    socket.once("data", (answer) => finish(() => resolve(answer)));
    socket.once("connect", () => socket.write(question));
  });
}
