import { createSocket } from "node:dgram";

/** The addresses of a name, the next list each time that it is asked for; null never answers. */
export type Zone = (name: string, family: 4 | 6) => readonly string[] | null;

export interface NameServer {
  /** As `address:port`. */
  readonly server: string;
  /** Every question so far, as `A partner.example` or `AAAA partner.example`. */
  readonly questions: readonly string[];
  readonly stop: () => Promise<void>;
}

const A = 1;
const HEADER_BYTES = 12;
const ANSWER_TO_RECURSIVE_QUESTION = 0x8180;
/** As long as the header: the name in the question. */
const POINTER_TO_QUESTION = 0xc00c;

/** A name server for tests, on loopback, over UDP: knows A and AAAA, with a lifetime of 0. */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const questions: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (question, { port, address }) => {
    const { name, endsAt, type } = readQuestion(question);
    questions.push(`${type === A ? "A" : "AAAA"} ${name}`);
    const addresses = zone(name, type === A ? 4 : 6);
    if (addresses === null) return;
    const header = Buffer.from(question.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(ANSWER_TO_RECURSIVE_QUESTION, 2);
    header.writeUInt16BE(addresses.length, 6);
    header.fill(0, 8);
    const records = addresses.map((one) => record(one, type));
    socket.send(Buffer.concat([header, question.subarray(HEADER_BYTES, endsAt), ...records]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    server: `127.0.0.1:${socket.address().port}`,
    questions,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function readQuestion(message: Buffer) {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  // Type and class follow the empty label.
  return { name: labels.join("."), type: message.readUInt16BE(at + 1), endsAt: at + 5 };
}

function record(address: string, type: number): Buffer {
  const bytes = type === A ? address.split(".").map(Number) : address.split(":").flatMap(hextet);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(POINTER_TO_QUESTION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, Buffer.from(bytes)]);
}

/** Addresses are written whole, without `::`. */
function hextet(text: string): readonly number[] {
  const value = Number.parseInt(text, 16);
  return [value >> 8, value & 0xff];
}
