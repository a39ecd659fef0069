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
 * Opens a connection to a server that answers with Content-Length; one that the server has closed because nothing was
 * asked for a while is opened anew. Far cheaper than an HTTP client: the load generator shares two cores with what it
 * measures.
 */
export async function openConnection(url: URL): Promise<Connection> {
  let line = await openLine(url);
  return {
    request: async (bytes) => {
      if (line.isClosed()) line = await openLine(url);
      return line.request(bytes);
    },
    close: () => line.close(),
  };
}

interface Line extends Connection {
  readonly isClosed: () => boolean;
}

async function openLine({ hostname, port }: URL): Promise<Line> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.setEncoding("latin1");
  await once(socket, "connect");
  let received = "";
  let waiting: PromiseWithResolvers<Answer> | undefined;
  const fail = (cause?: unknown) => waiting?.reject(new Error("the connection ended before the answer", { cause }));
  socket.on("error", fail);
  socket.on("end", () => socket.destroy());
  socket.on("close", () => fail());
  socket.on("data", (chunk: string) => {
    // Said unasked: the server takes its leave of a connection that it heard nothing on.
    if (waiting === undefined) return void socket.destroy();
    received += chunk;
    const answer = wholeAnswer(received);
    if (answer === null) return;
    received = "";
    waiting.resolve(answer);
    waiting = undefined;
  });
  return {
    request: (bytes) => {
      const asked = Promise.withResolvers<Answer>();
      waiting = asked;
      if (socket.destroyed) fail();
      else socket.write(bytes);
      return asked.promise;
    },
    close: () => socket.destroy(),
    isClosed: () => socket.destroyed || socket.readableEnded,
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
