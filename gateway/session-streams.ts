import { PassThrough, type Readable } from "node:stream";

/** A session as text, whose it is, and whether anything can still change. */
export interface SessionText {
  readonly json: string;
  /** `partner/environment/referenceId`. */
  readonly userKey: string;
  readonly isOver: boolean;
}

export interface SessionStreamsSettings {
  /** The session of a link as it is now; null when there is none any more. */
  readonly read: (linkId: string) => Promise<SessionText | null>;
  /** The truth is looked for so often, whatever is heard. */
  readonly pollMs?: number;
  /** A comment goes out so often, so that nobody on the way takes the connection for dead. */
  readonly heartbeatMs?: number;
  readonly mostPerLink?: number;
  readonly most?: number;
}

/** Server-sent events of sessions: `event: session` with the whole session whenever it changed. */
export interface SessionStreams {
  /** A stream that begins with the given session; null when the link, or this process, has as many as it may have. */
  readonly open: (linkId: string, first: SessionText) => Readable | null;
  /** Looks at once at the sessions of these users. */
  readonly wake: (userKeys: readonly string[]) => void;
  /** Ends every stream; none opens any more. */
  readonly stop: () => Promise<void>;
  readonly count: () => number;
}

interface Stream {
  readonly linkId: string;
  readonly userKey: string;
  readonly look: () => Promise<void>;
  readonly end: () => void;
}

/** A reader who is so far behind reads no more. */
const MOST_WAITING_BYTES = 256 * 1_024;

/** Streams of one process. A session that is over is sent once more and ends its stream. */
export function createSessionStreams(settings: SessionStreamsSettings): SessionStreams {
  const { mostPerLink = 8, most = 10_000 } = settings;
  const streams = new Set<Stream>();
  let isStopped = false;

  return {
    open: (linkId, first) => {
      const ofLink = [...streams].filter((stream) => stream.linkId === linkId).length;
      if (isStopped || ofLink >= mostPerLink || streams.size >= most) return null;
      const output = new PassThrough();
      const stream = { linkId, userKey: first.userKey, ...feed(output, { linkId, first }, settings) };
      streams.add(stream);
      output.on("close", () => {
        streams.delete(stream);
        stream.end();
      });
      return output;
    },
    wake: (userKeys) => {
      if (streams.size === 0) return;
      const changed = new Set(userKeys);
      for (const stream of streams) if (changed.has(stream.userKey)) void stream.look();
    },
    stop: async () => {
      isStopped = true;
      for (const stream of streams) stream.end();
    },
    count: () => streams.size,
  };
}

/** Writes a session whenever its text is another one; looks one after the other, and once more when asked meanwhile. */
function feed(
  output: PassThrough,
  { linkId, first }: { readonly linkId: string; readonly first: SessionText },
  { read, pollMs = 2_000, heartbeatMs = 15_000 }: SessionStreamsSettings,
): Pick<Stream, "look" | "end"> {
  let sent = "";
  let looking: Promise<void> | null = null;
  let isAskedAgain = false;
  const end = () => {
    clearInterval(polling);
    clearInterval(beating);
    if (!output.writableEnded) output.end();
  };
  const write = (session: SessionText | null) => {
    if (output.writableEnded || session?.json === sent) return;
    if (session !== null) output.write(`event: session\ndata: ${session.json}\n\n`);
    sent = session?.json ?? sent;
    if (session === null || session.isOver || output.writableLength > MOST_WAITING_BYTES) end();
  };
  const lookOnce = async () => {
    // The database is away for now: the next look comes by itself.
    write(await read(linkId).catch(() => ({ json: sent, userKey: first.userKey, isOver: false })));
    looking = null;
    if (isAskedAgain) await look();
  };
  const look = (): Promise<void> => {
    isAskedAgain = looking !== null;
    looking ??= lookOnce();
    return looking;
  };
  const polling = setInterval(() => void look(), pollMs);
  const beating = setInterval(() => output.writableEnded || output.write(": still here\n\n"), heartbeatMs);
  write(first);
  return { look, end };
}
