import type { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import { createSessionStreams, type SessionStreamsSettings, type SessionText } from "../../gateway/session-streams.ts";
import { exampleLink, exampleUser, LINK_ID } from "./example-records.ts";
import { fakeGateway } from "./fake-gateway.ts";

const KEY = "acme/test/user-1";
const session = (json: string, isOver = false): SessionText => ({ json, userKey: KEY, isOver });

const opened: ReturnType<typeof createSessionStreams>[] = [];
afterEach(async () => {
  for (const streams of opened.splice(0)) await streams.stop();
});

function streamsOf(settings: SessionStreamsSettings) {
  const streams = createSessionStreams({ pollMs: 60_000, heartbeatMs: 60_000, ...settings });
  opened.push(streams);
  return streams;
}

/** What a stream says until it ends. */
async function textOf(stream: Readable | null): Promise<string> {
  if (stream === null) throw new Error("no stream was opened");
  let text = "";
  for await (const piece of stream) text += String(piece);
  return text;
}

const event = (json: string) => `event: session\ndata: ${json}\n\n`;

describe("a stream of a session", () => {
  test("begins with the session, and sends it again only when it changed", async () => {
    const states = [session("1"), session("2"), session("2"), session("3", true)];
    let next = 0;
    const streams = streamsOf({ read: async () => states[++next] ?? null, pollMs: 1 });
    const text = await textOf(streams.open(LINK_ID, session("1")));
    expect(text).toBe(event("1") + event("2") + event("3"));
    expect(streams.count()).toBe(0);
  });

  test("looks at once when its user changed, and not when another did", async () => {
    let reads = 0;
    const streams = streamsOf({
      read: async () => {
        reads += 1;
        return session("done", true);
      },
    });
    const stream = streams.open(LINK_ID, session("waiting"));
    streams.wake(["acme/test/somebody-else"]);
    expect(reads).toBe(0);
    streams.wake([KEY]);
    expect(await textOf(stream)).toBe(event("waiting") + event("done"));
    expect(reads).toBe(1);
  });

  test("goes on while the database is away, with a comment now and then", async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      if (reads < 3) throw new Error("away");
      return session("back", true);
    };
    const streams = streamsOf({ read, pollMs: 5, heartbeatMs: 1 });
    const text = await textOf(streams.open(LINK_ID, session("first")));
    expect(text).toContain(": still here\n\n");
    expect(text.replaceAll(": still here\n\n", "")).toBe(event("first") + event("back"));
  });

  test("a link has so many and no more; one that is closed makes room; none opens after the stop", async () => {
    const streams = streamsOf({ read: async () => session("1"), mostPerLink: 2 });
    const first = streams.open(LINK_ID, session("1"));
    streams.open(LINK_ID, session("1"));
    expect(streams.open(LINK_ID, session("1"))).toBeNull();
    expect(streams.open("link_acme_other0000000", session("1"))).not.toBeNull();
    const closed = new Promise((resolve) => first?.on("close", resolve));
    first?.destroy();
    await closed;
    expect(streams.open(LINK_ID, session("1"))).not.toBeNull();
    await streams.stop();
    expect(streams.open("link_acme_third0000000", session("1"))).toBeNull();
  });
});

describe("GET /widget/links/{linkId}/events", () => {
  const facts = {
    link: exampleLink({ status: "revoked", revokedAt: "2026-03-01T11:45:00.000Z" }),
    userId: "user_acme_0123456789ab",
    address: { partner: "acme", environment: "test", referenceId: "user-1" } as const,
    user: exampleUser(),
    operation: null,
    isSuspended: false,
  };

  test("C10 it needs the link's token", async () => {
    const own = await fakeGateway();
    const answered = await own.call({ path: `/widget/links/${LINK_ID}/events`, bearer: "wrong" });
    await own.stop();
    expect([answered.status, answered.json.error.code]).toEqual([401, "UNAUTHORIZED"]);
  });

  test("E9 a revoked link's session is sent once, and the stream ends", async () => {
    const own = await fakeGateway({
      reads: { findWidgetSession: async () => ({ ...facts, settings: DEFAULT_SETTINGS }) },
    });
    const bearer = own.dependencies.tokens.tokenOf(LINK_ID);
    const answered = await own.call({ path: `/widget/links/${LINK_ID}/events`, bearer });
    await own.stop();
    expect(answered.status).toBe(200);
    expect(answered.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(answered.headers.get("cache-control")).toBe("no-store");
    const sent = JSON.parse(/^event: session\ndata: (.*)\n\n$/.exec(answered.text)?.[1] ?? "null");
    expect(own.dependencies.validate("http/answers/session")({ success: true, data: sent })).toEqual([]);
    expect(sent).toMatchObject({ linkId: LINK_ID, status: "revoked", steps: [] });
  });

  test("a link that is not known yet is 404", async () => {
    const own = await fakeGateway();
    const bearer = own.dependencies.tokens.tokenOf(LINK_ID);
    const answered = await own.call({ path: `/widget/links/${LINK_ID}/events`, bearer });
    await own.stop();
    expect([answered.status, answered.json.error.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });
});
