import { afterAll, beforeAll, expect, test } from "vitest";
import { callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const LINKS = "/partner/links";

let system: System;
let apiKey: string;
let call: ReturnType<typeof callerOf>;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"] });
  ({ apiKey } = await system.newPartner());
  call = callerOf(system.gatewayUrl);
});
afterAll(() => system.stop());

const create = (referenceId: string, idempotencyKey: string) =>
  call({ method: "POST", path: LINKS, apiKey, idempotencyKey, body: { referenceId } });

async function count(table: string): Promise<unknown> {
  const [row] = await system.database.em().execute(`select count(*)::int as count from ${table}`);
  return row?.["count"];
}

test("ten requests at once with one Idempotency-Key make one link and get the same bytes", async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => create("user_1", "key-1")));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await count("links")).toBe(1);
  const again = await create("user_1", "key-1");
  expect(again.text).toBe(answers[0]?.text);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
});

test("every one of twenty creates at once gets its decision", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => create(`many_${index}`, `many-${index}`)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
});

test("without a consumer it is 202; once one is back, the same command has its answer", async () => {
  await system.consumers().stop();
  const waiting = await create("user_2", "key-2");
  expect(waiting.status).toBe(202);
  const location = waiting.headers.get("location") ?? "";
  const accepted = await call({ path: location, apiKey });
  expect(accepted.json.data).toEqual({ commandId: waiting.json.data.commandId, status: "accepted" });
  await system.startConsumers(["users"]);
  await until(
    "the command is decided",
    async () => (await call({ path: location, apiKey })).json.data.status !== "accepted",
  );
  const applied = await call({ path: location, apiKey });
  const repeated = await create("user_2", "key-2");
  expect(repeated.status).toBe(201);
  expect(applied.json.data).toMatchObject({ status: "applied", answer: { linkId: repeated.json.data.linkId } });
  expect(repeated.json.data.token).toBe(applied.json.data.answer.token);
});

test("a gateway that is told to stop answers those who wait, and then ends", async () => {
  await system.consumers().stop();
  const before = await count("idempotency");
  const waiting = create("user_3", "key-3");
  await until("the request is under way", async () => (await count("idempotency")) !== before);
  system.gateway.signal("SIGTERM");
  const answered = await waiting;
  expect(answered.status).toBe(202);
  expect(await system.gateway.exited).toBe(0);
  await expect(call({ path: "/health/live" })).rejects.toThrow();
});
