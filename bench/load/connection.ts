import { once } from "node:events";
import { connect } from "node:net";

/** An answer: its status and its body. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A keep-alive connection that has one request at a time. */
export interface Connection {
  /** Sends a whole request as it goes over the wire; rejects when the connection ends before the answer. */
  readonly request: (bytes: string) => Promise<Answer>;
  readonly close: () => void;
}

const HEAD_END = "\r\n\r\n";

/**
 * Opens a connection to a server that answers with Content-Length. Far cheaper than an HTTP client: the load generator
 * shares two cores with what it measures.
 */
export async function openConnection({ hostname, port }: URL): Promise<Connection> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.setEncoding("latin1");
  await once(socket, "connect");
  let received = "";
  let waiting: PromiseWithResolvers<Answer> | undefined;
  const fail = (cause?: unknown) => waiting?.reject(new Error("the connection ended before the answer", { cause }));
  socket.on("error", fail);
  socket.on("close", () => fail());
  socket.on("data", (chunk: string) => {
    received += chunk;
    const answer = wholeAnswer(received);
    if (answer === null) return;
    received = "";
    waiting?.resolve(answer);
  });
  return {
    request: (bytes) => {
      waiting = Promise.withResolvers<Answer>();
      if (socket.destroyed) fail();
      else socket.write(bytes);
      return waiting.promise;
    },
    close: () => socket.destroy(),
  };
}

function wholeAnswer(received: string): Answer | null {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length: ${received.slice(0, headEnd)}`);
  const body = received.slice(headEnd + HEAD_END.length);
  if (body.length < Number(length)) return null;
  return { status: Number(received.slice(9, 12)), body: Buffer.from(body, "latin1").toString("utf8") };
}
