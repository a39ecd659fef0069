import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createCodec } from "../../messaging/codec.ts";
import { registerSchemas } from "../../messaging/register-schemas.ts";
import { RegistryUnreachable, SchemaNotRegistered, SchemaViolation } from "../../messaging/schema-errors.ts";
import type { TopicKey } from "../../schemas/topics.ts";

const prefix = `t${randomBytes(5).toString("hex")}.`;
const result = {
  ...{ attemptId: "cip_acme_abcdefghijkl", provider: "p", providerEventId: "e", outcome: "verified" },
  occurredAt: "2026-01-31T09:30:00Z",
};

let registryUrl: string;
let counting: Counting;

beforeAll(async () => {
  registryUrl = inject("stack").schemaRegistryUrl;
  await registerSchemas({ registryUrl, prefix });
  counting = await countingProxy(registryUrl);
});
afterAll(() => counting.close());

describe("createCodec", () => {
  test("what is encoded is in the Confluent wire format and decodes to the same", async () => {
    const codec = createCodec({ registryUrl, prefix });
    const bytes = await codec.encode("cipResults", result);
    expect(bytes[0]).toBe(0);
    expect(JSON.parse(bytes.subarray(5).toString())).toEqual(result);
    expect(await codec.decode(bytes, "cipResults")).toEqual(result);
    expect(await codec.decode(bytes)).toEqual(result);
  });

  test("a value that does not fit is refused with paths and without values, in both directions", async () => {
    const codec = createCodec({ registryUrl, prefix });
    const bad = { ...result, outcome: "SECRET", revision: "SECRET" };
    const encoding = await codec.encode("cipResults", bad).catch((error: unknown) => error);
    const good = await codec.encode("cipResults", result);
    const bytes = Buffer.concat([good.subarray(0, 5), Buffer.from(JSON.stringify(bad))]);
    const decoding = await codec.decode(bytes, "cipResults").catch((error: unknown) => error);
    for (const error of [encoding, decoding]) {
      expect(error).toBeInstanceOf(SchemaViolation);
      expect((error as SchemaViolation).problems[0]?.path).toMatch(/^\/(outcome|revision)$/);
      expect((error as SchemaViolation).message).not.toContain("SECRET");
    }
  });

  test("bytes that are no message are refused", async () => {
    const codec = createCodec({ registryUrl, prefix });
    const good = await codec.encode("cipResults", result);
    const withId = (id: number) => Buffer.concat([Buffer.from([0]), bigEndian(id), good.subarray(5)]);
    const all = [
      Buffer.from("hello"),
      Buffer.alloc(0),
      good.subarray(0, 5),
      Buffer.concat([good.subarray(0, 5), Buffer.from('{"attemptId": "Jo')]),
      withId(999_999),
      withId(0xffff_fff0),
    ];
    for (const bytes of all) await expect(codec.decode(bytes, "cipResults")).rejects.toBeInstanceOf(SchemaViolation);
  });

  test("a message of another topic's schema is refused where the topic is known", async () => {
    const codec = createCodec({ registryUrl, prefix });
    const bytes = await codec.encode("cipResults", result);
    await expect(codec.decode(bytes, "operationUpdates")).rejects.toThrow(/is not one of .*operation-updates-value/);
  });

  test("many at once ask the registry once for each schema", async () => {
    const codec = createCodec({ registryUrl: counting.url, prefix });
    const many = await Promise.all(Array.from({ length: 500 }, () => codec.encode("cipResults", result)));
    await Promise.all(many.map((bytes) => codec.decode(bytes, "cipResults")));
    const unknown = Buffer.concat([Buffer.from([0]), bigEndian(999_998), Buffer.from("{}")]);
    for (const _ of many) await codec.decode(unknown).catch(() => undefined);
    expect(counting.asked.toSorted()).toEqual([
      expect.stringMatching(/^GET \/schemas\/ids\/\d+$/),
      expect.stringMatching(/^GET \/schemas\/ids\/\d+\/subjects$/),
      "GET /schemas/ids/999998/subjects",
      `POST /subjects/${prefix}cip-results-value`,
    ]);
  });

  test("a newer writer's optional field does not make its messages unreadable to older code", async () => {
    const own = `${prefix}newer.`;
    const schemas = (properties: object) => async () =>
      JSON.stringify({
        ...{ $schema: "http://json-schema.org/draft-07/schema#", title: "x", type: "object" },
        ...{ properties, additionalProperties: false },
      });
    const [older, newer] = [
      schemas({ a: { type: "string" } }),
      schemas({ a: { type: "string" }, b: { type: "string" } }),
    ];
    await registerSchemas({ registryUrl, prefix: own, schemas: older });
    const olderCodec = createCodec({ registryUrl, prefix: own, schemas: older });
    await olderCodec.encode("cipResults", { a: "x" });
    await registerSchemas({ registryUrl, prefix: own, schemas: newer });
    const bytes = await createCodec({ registryUrl, prefix: own, schemas: newer }).encode("cipResults", {
      a: "x",
      b: "y",
    });
    expect(await olderCodec.decode(bytes, "cipResults")).toEqual({ a: "x", b: "y" });
  });

  test("a registry that is away, or answers like something else, is no fault of the message; it is asked again", async () => {
    const good = await createCodec({ registryUrl, prefix }).encode("cipResults", result);
    const codec = createCodec({ registryUrl: counting.url, prefix });
    for (const answer of ["refuse", "proxy page", "hang up"] as const) {
      counting.answerWith(answer);
      await expect(codec.encode("cipResults", result)).rejects.toBeInstanceOf(RegistryUnreachable);
      await expect(codec.decode(good, "cipResults")).rejects.toBeInstanceOf(RegistryUnreachable);
    }
    counting.answerWith("registry");
    await expect(codec.decode(good, "cipResults")).resolves.toEqual(result);
    await expect(codec.encode("cipResults", result)).resolves.toEqual(good);
  });

  test("without registration it says what to run", async () => {
    const codec = createCodec({ registryUrl, prefix: `${prefix}never.` });
    const encoding = codec.encode("cipResults" satisfies TopicKey, result);
    await expect(encoding).rejects.toBeInstanceOf(SchemaNotRegistered);
    await expect(encoding).rejects.toThrow(/npm run topics/);
  });

  test("encodes far more than 20,000 values per second", async () => {
    const codec = createCodec({ registryUrl, prefix });
    await codec.encode("cipResults", result);
    const count = 20_000;
    const usedMicros: number[] = [];
    // Its own thread's time, and the best of three rounds: what else the machine does says nothing of the codec.
    for (let round = 0; round < 3; round += 1) {
      const before = process.threadCpuUsage();
      for (let done = 0; done < count; done += 100) {
        await Promise.all(Array.from({ length: 100 }, () => codec.encode("cipResults", result)));
      }
      const { user, system } = process.threadCpuUsage(before);
      usedMicros.push(user + system);
    }
    expect(Math.min(...usedMicros)).toBeLessThan(1_000_000);
  });
});

function bigEndian(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(id);
  return bytes;
}

interface Counting {
  readonly url: string;
  readonly asked: string[];
  readonly answerWith: (answer: "registry" | "refuse" | "proxy page" | "hang up") => void;
  readonly close: () => Promise<void>;
}

/** Stands before the registry, counts what is asked, and can play one that is away. */
async function countingProxy(target: string): Promise<Counting> {
  const asked: string[] = [];
  let mode = "registry";
  const server: Server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const body = await buffer(request);
    if (mode === "hang up") return void request.socket.destroy();
    if (mode !== "registry") {
      response.writeHead(mode === "refuse" ? 503 : 404, { "content-type": "text/html", connection: "close" });
      return void response.end("<html>not the registry</html>");
    }
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? "GET",
      headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
      body: body.length > 0 ? body : null,
    });
    response.writeHead(answer.status, { "content-type": "application/json", connection: "close" });
    return void response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answerWith: (answer) => {
      mode = answer;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
