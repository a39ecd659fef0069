import { connect } from "node:net";

const ANSWER_WITHIN_MS = 1_000;

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
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  await response.body?.cancel();
  return response.status === 200;
}

/** The first bytes a TCP server at 127.0.0.1 answers with. Rejects when it does not within a second. */
function ask(port: number, question: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
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
