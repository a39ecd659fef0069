import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callerOf, type Json } from "../support/http.ts";
import { until } from "../support/until.ts";
import { answerWith, signaturesOf, startWebhookReceiver } from "../support/webhook-receiver.ts";
import { type CliStage, startCliStage } from "./stage.ts";

let stage: CliStage;
let { cli, done, refused } = {} as CliStage;

beforeAll(async () => {
  stage = await startCliStage(["users", "webhooks"]);
  ({ cli, done, refused } = stage);
});
afterAll(() => stage.stop());

describe("topics and doctor", () => {
  const DOWN = "127.0.0.1:9";

  test("topics are checked, found missing, created, and found", async () => {
    expect(await done("topics", "check")).toMatchObject({ isFine: true });
    const elsewhere = ["--topic-prefix", `${stage.environment["TOPIC_PREFIX"]}more.`];
    const missing = await cli(["topics", "check", ...elsewhere]);
    expect(missing).toMatchObject({ exitCode: 1, out: expect.stringContaining("m2m topics create") });
    const { topics, schemas } = await done("topics", "create", ...elsewhere);
    expect(topics.every(({ isCreated }: Json) => isCreated)).toBe(true);
    expect(schemas.length).toBe(topics.length);
    expect(await done("topics", "check", ...elsewhere)).toMatchObject({ isFine: true });
    expect(await refused("topics", "create", ...elsewhere, "--partitions", "5")).toMatchObject({
      code: "PARTITION_COUNT_FIXED",
    });
    const grown = await cli(["topics", "check", ...elsewhere, "--partitions", "5"]);
    expect(grown).toMatchObject({ exitCode: 1, out: expect.stringContaining("has 4 partitions instead of 5") });
  });

  test("Kafka or the registry away: exit code 3", async () => {
    const ran = await Promise.all([
      cli(["topics", "check", "--brokers", DOWN]),
      cli(["topics", "create", "--registry-url", `http://${DOWN}`]),
      cli(["cip", "publish", "--attempt", "cip_x", "--outcome", "verified", "--brokers", DOWN]),
      cli(["operations", "publish", "op_x", "--status", "completed", "--registry-url", `http://${DOWN}`]),
    ]);
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([3, 3, 3, 3]);
    for (const { err } of ran) expect(err).toMatch(/Not available: .*\nWhat to do: /);
  });

  test("all is well", async () => {
    const consumersUrl = `http://127.0.0.1:${stage.environment["CONSUMERS_PORT"]}`;
    const { exitCode, out } = await cli(["doctor", "--consumers-url", consumersUrl]);
    expect(out).toContain("All is well.");
    expect(exitCode).toBe(0);
    for (const name of ["gateway", "consumers", "Postgres", "migrations", "clock of Postgres", "Redis", "Kafka"]) {
      expect(out).toMatch(new RegExp(`^${name} +FINE`, "m"));
    }
    for (const name of ["topics", "schema registry", "schemas", "partner key", "admin key", "server secret"]) {
      expect(out).toMatch(new RegExp(`^${name} +FINE`, "m"));
    }
  });

  test("everything away is told at once, with what to do: exit code 3", async () => {
    const addresses = ["--url", `http://${DOWN}`, "--database-url", `postgres://m2m:hidden@${DOWN}/m2m`];
    const others = ["--redis-url", `redis://${DOWN}`, "--brokers", DOWN, "--registry-url", `http://${DOWN}`];
    const { exitCode, out } = await cli(["doctor", ...addresses, ...others]);
    expect(exitCode).toBe(3);
    for (const name of ["gateway", "Postgres", "Redis", "Kafka", "schema registry"]) {
      expect(out).toMatch(new RegExp(`^${name} +DOWN`, "m"));
      expect(out).toMatch(new RegExp(`^${name}: .`, "m"));
    }
    expect(out).not.toContain("hidden");
  });

  test("what answers and is not right is told: exit code 1", async () => {
    const unmigrated = new URL(stage.environment["DATABASE_URL"] ?? "");
    unmigrated.pathname = "/postgres";
    const wrong = ["--partitions", "7", "--key", `m2m_test_${"x".repeat(32)}`, "--database-url", unmigrated.href];
    const { exitCode, out } = await cli(["doctor", ...wrong], { environment: { SERVER_SECRET: "short" } });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^topics +WRONG .*has 4 partitions instead of 7/m);
    expect(out).toMatch(/^partner key +WRONG +INVALID_API_KEY/m);
    expect(out).toMatch(/^migrations +WRONG +0001-initial, .* did not run/m);
    expect(out).toMatch(/^server secret +WRONG/m);
  });
});

describe("listen", () => {
  test("verifies, tells and forwards webhooks as they came; the endpoint is gone afterwards", async () => {
    const { apiKey } = await stage.system.newPartner();
    const own = { API_KEY: apiKey };
    const receiver = await startWebhookReceiver();
    const listening = async (argv: readonly string[], act: (lines: readonly string[]) => Promise<void>) => {
      const stopping = new AbortController();
      const lines: string[] = [];
      const { promise: ready, resolve } = Promise.withResolvers<void>();
      const hear = (line: string) => {
        lines.push(line);
        if (line.startsWith("Listening at")) resolve();
      };
      const target = ["listen", "--forward-to", `${receiver.url}/hooks`, "--json", ...argv];
      const ran = cli(target, { environment: own, stop: stopping.signal, hear });
      await Promise.race([ready, ran]);
      await act(lines);
      stopping.abort();
      return ran;
    };
    const link = (reference: string) => cli(["links", "create", "--reference", reference], { environment: own });

    let secret = "";
    const first = await listening([], async (lines) => {
      const [memory = ""] = (await readdir(stage.folder)).filter((name) => name.startsWith("listen-"));
      ({ secret } = JSON.parse(await readFile(join(stage.folder, memory), "utf8")));
      await link("cli-listen-1");
      await receiver.until((received) => received.some(({ body }) => body.includes('"user.created"')));
      await until("it is told", async () => lines.some((line) => line.includes('"user.created"')));
    });
    expect(first.exitCode).toBe(0);
    const told = first.out.split("\n").map((line) => JSON.parse(line));
    expect(told).toContainEqual(
      expect.objectContaining({
        ...{ event: "user.created", referenceId: "cli-listen-1", attempt: 1 },
        forwarded: expect.objectContaining({ status: 200 }),
      }),
    );
    const [forwarded] = receiver.received;
    expect(forwarded?.path).toBe("/hooks");
    expect(forwarded && signaturesOf(forwarded, secret)).toEqual({ isM2mValid: true, isStandardValid: true });

    receiver.reply(answerWith(204));
    const second = await listening(["--event", "link.created"], async (lines) => {
      await link("cli-listen-2");
      await until("it is told", async () => lines.some((line) => line.includes("cli-listen-2")));
    });
    expect(second.exitCode).toBe(0);
    const events = second.out.split("\n").map((line) => JSON.parse(line).event);
    expect(new Set(events)).toEqual(new Set(["link.created"]));
    const list = await callerOf(stage.system.gatewayUrl)({ path: "/partner/webhook-endpoints", apiKey });
    expect(list.json.data.items).toEqual([]);
    expect((await readdir(stage.folder)).filter((name) => name.startsWith("listen-"))).toEqual([]);
    await receiver.stop();
  });
});

describe("webhooks", () => {
  test("an endpoint from its creation to its end; what it missed is sent again", async () => {
    const { apiKey } = await stage.system.newPartner();
    const environment = { API_KEY: apiKey };
    const receiver = await startWebhookReceiver();
    const run = async (...argv: readonly string[]) => {
      const { exitCode, out, err } = await cli([...argv, "--json"], { environment });
      expect([argv.join(" "), exitCode, err]).toEqual([argv.join(" "), 0, ""]);
      return JSON.parse(out);
    };
    const made = await run(
      "endpoints",
      "create",
      `${receiver.url}/hook`,
      "--event",
      "link.created",
      "--rate-limit",
      "50",
    );
    const { endpointId } = made;
    expect(made.secret).toMatch(/^whsec_/);
    expect((await run("endpoints", "list")).items).toHaveLength(1);
    expect(await run("endpoints", "update", endpointId, "--reset", "rateLimit")).toMatchObject({ rateLimit: null });
    await run("endpoints", "test", endpointId);
    await receiver.until((received) => received.length === 1);
    expect(await run("endpoints", "rotate-secret", endpointId, "--overlap-hours", "0")).toHaveProperty("secret");

    expect(await run("endpoints", "pause", endpointId)).toMatchObject({ status: "paused" });
    await cli(["links", "create", "--reference", "cli-hooks-1"], { environment });
    await until("it waits", async () => (await run("deliveries", "list", "--status", "parked")).items.length === 1);
    expect(await run("endpoints", "resume", endpointId)).toMatchObject({ status: "enabled" });
    await receiver.until((received) => received.length === 2);

    const [event] = (await run("events", "list", "--type", "link.created")).items;
    expect(await run("events", "show", event.id)).toMatchObject({ id: event.id, event: "link.created" });
    await until(
      "it is delivered",
      async () => (await run("deliveries", "list", "--status", "delivered")).items.length === 2,
    );
    await run("events", "resend", event.id);
    await receiver.until((received) => received.length === 3);
    await until(
      "it is delivered",
      async () => (await run("deliveries", "list", "--status", "delivered")).items.length === 3,
    );
    const { replayId } = await run("replay", "create", "--endpoint", endpointId, "--status", "all");
    await receiver.until((received) => received.length === 4);
    await until("it is done", async () => (await run("replay", "show", replayId)).state === "done");
    const recovery = await run("endpoints", "recover", endpointId, "--since", "2026-01-01T00:00:00Z");
    expect(recovery).toMatchObject({ kind: "recovery", endpointId });
    expect((await run("replay", "list")).items).toHaveLength(2);
    await until("that too", async () => (await run("replay", "show", recovery.replayId)).state === "done");
    const refused = await cli(["replay", "pause", replayId], { environment });
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("m2m replay create")]);
    expect(await run("endpoints", "delete", endpointId)).toMatchObject({ endpointId });
    expect((await cli(["endpoints", "show", endpointId], { environment })).exitCode).toBe(1);
    await receiver.stop();
  });

  test("an example of every event can be triggered at what is developed, signed; no system has to run", async () => {
    const receiver = await startWebhookReceiver();
    const secret = `whsec_${"A".repeat(43)}=`;
    const trigger = (event: string) =>
      cli(["trigger", event, "--forward-to", `${receiver.url}/hooks`, "--secret", secret]);
    for (const event of ["user.data_request", "operation.completed", "webhook.test"]) {
      expect((await trigger(event)).exitCode).toBe(0);
      const webhook = receiver.received.at(-1);
      expect(webhook && signaturesOf(webhook, secret)).toEqual({ isM2mValid: true, isStandardValid: true });
      expect(JSON.parse(webhook?.body ?? "{}")).toMatchObject({ event, id: webhook?.headers["webhook-id"] });
    }
    receiver.reply(answerWith(500));
    expect((await trigger("link.created")).exitCode).toBe(1);
    await receiver.stop();
    expect((await trigger("link.created")).exitCode).toBe(3);
    expect((await trigger("link.lost")).exitCode).toBe(2);
  });
});
