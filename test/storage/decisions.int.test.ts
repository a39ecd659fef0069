import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { refusal } from "../../domain/refusals.ts";
import { createLog } from "../../runtime/log.ts";
import { freePort } from "../../stack/ports.ts";
import {
  createDecisionListener,
  createDecisionSender,
  findDecisions,
  type StoredDecision,
} from "../../storage/decisions.ts";
import { createRedis } from "../../storage/redis.ts";
import { useDatabase } from "../support/database.ts";
import { openNetwork } from "./network.ts";
import { CREATED_AT, insertRow } from "./rows.ts";

const { em } = useDatabase();
const prefix = `${randomUUID()}:`;
const log = createLog({ level: "silent", component: "test" });
let unsent = 0;
const metrics = { decisionsUnsent: { inc: () => (unsent += 1) } };
const open: Redis[] = [];
const connect = (url = inject("stack").redisUrl) => {
  const redis = createRedis({ url, timeoutMs: 1_000, name: "test", log });
  open.push(redis);
  return redis;
};

let sending: Redis;
beforeAll(async () => {
  sending = connect();
  await once(sending, "ready");
});
afterAll(() => {
  for (const redis of open) redis.disconnect();
});

const applied = (commandId: string): StoredDecision => ({
  commandId,
  outcome: "applied",
  answer: { kind: "done" },
  refusal: null,
});
const refused = (commandId: string): StoredDecision => ({
  commandId,
  outcome: "refused",
  answer: null,
  refusal: refusal("LINK_EXPIRED", { status: "expired" }),
});

function listen(replyTo: string, redis: Redis = connect()) {
  const heard: StoredDecision[] = [];
  const listener = createDecisionListener({ redis, prefix, replyTo, hear: (decision) => heard.push(decision) });
  return { heard, ...listener };
}

test("every gateway hears the decisions of its own commands, in order, and no others", async () => {
  const [first, second] = [listen("gateway-1"), listen("gateway-2")];
  await expect.poll(() => first.isListening() && second.isListening()).toBe(true);
  await createDecisionSender({ redis: sending, prefix, metrics }).send([
    { replyTo: "gateway-1", decision: applied("cmd_1") },
    { replyTo: "gateway-2", decision: refused("cmd_2") },
    { replyTo: "gateway-1", decision: refused("cmd_3") },
    { replyTo: "gateway-gone", decision: applied("cmd_4") },
  ]);
  await expect.poll(() => first.heard.length + second.heard.length).toBe(3);
  expect(first.heard).toEqual([applied("cmd_1"), refused("cmd_3")]);
  expect(second.heard).toEqual([refused("cmd_2")]);
  expect(unsent).toBe(0);
});

test("what is no decision is not heard, and harms nobody", async () => {
  const listener = listen("gateway-4");
  await expect.poll(listener.isListening).toBe(true);
  for (const message of ["", "{", "null", '{"commandId":"cmd"}']) {
    await sending.publish(`${prefix}decisions:gateway-4`, message);
  }
  const sender = createDecisionSender({ redis: sending, prefix, metrics });
  await sender.send([{ replyTo: "gateway-4", decision: applied("cmd_0") }]);
  await expect.poll(() => listener.heard).toEqual([applied("cmd_0")]);
});

test("a gateway that lost Redis says so and hears again afterwards", async () => {
  // Nobody's outgoing connection may get the port while it is closed.
  const network = await openNetwork(Number(new URL(inject("stack").redisUrl).port), await freePort());
  const listener = listen("gateway-3", connect(`redis://127.0.0.1:${network.port}`));
  await expect.poll(listener.isListening).toBe(true);
  await network.close();
  await expect.poll(listener.isListening).toBe(false);
  const reopened = await openNetwork(Number(new URL(inject("stack").redisUrl).port), network.port);
  await expect.poll(listener.isListening, { timeout: 10_000 }).toBe(true);
  const sender = createDecisionSender({ redis: sending, prefix, metrics });
  await sender.send([{ replyTo: "gateway-3", decision: applied("cmd_5") }]);
  await expect.poll(() => listener.heard).toEqual([applied("cmd_5")]);
  for (const redis of open.splice(1)) redis.disconnect();
  await reopened.close();
});

test("sending without Redis harms nobody and is counted", async () => {
  const nobody = connect(`redis://127.0.0.1:${await freePort()}`);
  await createDecisionSender({ redis: nobody, prefix, metrics }).send([{ replyTo: "g", decision: applied("cmd_6") }]);
  expect(unsent).toBe(1);
});

test("decisions are found by command id, undecided ones left out", async () => {
  const row = {
    partner: "acme",
    environment: "test",
    reference_id: "r",
    command_type: "OpenLink",
    decided_at: CREATED_AT,
  };
  const { answer, outcome } = applied("cmd_7");
  await insertRow(em(), "decisions", { ...row, command_id: "cmd_7", outcome, answer });
  const second = refused("cmd_8");
  await insertRow(em(), "decisions", { ...row, command_id: "cmd_8", outcome: second.outcome, refusal: second.refusal });
  const found = await findDecisions(em(), ["cmd_7", "cmd_8", "cmd_9"]);
  expect(found.toSorted((a, b) => a.commandId.localeCompare(b.commandId))).toEqual([applied("cmd_7"), second]);
  expect(await findDecisions(em(), [])).toEqual([]);
});
