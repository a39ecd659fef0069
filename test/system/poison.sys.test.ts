import { afterAll, beforeAll, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import { derivedCommandId } from "../../runtime/ids.ts";
import { runSql } from "../../storage/sql.ts";
import type { ParkedValue } from "../../storage/user-store/batch.ts";
import { createLinkCommand } from "../support/commands.ts";
import type { TestKafka } from "../support/kafka.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

let system: System;
let kafka: TestKafka;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"], partitions: 1 });
  kafka = await system.connectKafka();
});

afterAll(async () => {
  await kafka.stop();
  await system.stop();
});

test("a poison message is parked with its reason and bytes; the messages before and behind it are unaffected", async () => {
  const { slug } = await system.newPartner();
  const good = (referenceId: string) =>
    createLinkCommand({ partner: slug, referenceId, commandId: derivedCommandId(slug, referenceId) });
  const failing = { ...good("failing"), payload: { ...good("failing").payload, userData: NAMED_WITHOUT_VALUE } };
  const publish = (command: Command) => kafka.writeValues("userCommands", addressKey(command), [command]);
  await publish(good("before"));
  await kafka.write("userCommands", [{ key: "garbage", value: "not a message" }]);
  await publish(failing);
  await kafka.writeValues("userCommands", addressKey(good("someone_else")), [good("wrong_key")]);
  await publish(good("behind"));
  await until("the last command is decided", async () => (await outcomes()).has(good("behind").commandId));
  expect(Object.fromEntries(await outcomes())).toEqual({
    [good("before").commandId]: "applied",
    [failing.commandId]: "failed",
    [good("behind").commandId]: "applied",
  });
  expect(await referenceIds()).toEqual(["before", "behind"]);
  const parked = (await kafka.readValues("parked", (found) => found.length === 3)) as ParkedValue[];
  expect(parked.toSorted((a, b) => Number(a.original.offset) - Number(b.original.offset))).toMatchObject([
    { reason: "not_in_schema", original: { offset: "1", key: "garbage" }, rawBase64: btoa("not a message") },
    { reason: "command_failed", original: { offset: "2", key: addressKey(failing) } },
    { reason: "wrong_key", original: { offset: "3" } },
  ]);
});

/** Fits the schema, yet no rule can make sense of it: stands for a bug of ours. */
const NAMED_WITHOUT_VALUE = { paths: ["dob" as const], notApplicable: [], empty: [] };

async function outcomes(): Promise<ReadonlyMap<string, string>> {
  const sql = "select command_id, outcome from decisions";
  const rows = await runSql<{ command_id: string; outcome: string }>(system.database.em(), sql, []);
  return new Map(rows.map(({ command_id, outcome }) => [command_id, outcome]));
}

async function referenceIds(): Promise<readonly string[]> {
  const sql = "select reference_id from users order by created_at, reference_id";
  const rows = await runSql<{ reference_id: string }>(system.database.em(), sql, []);
  return rows.map(({ reference_id }) => reference_id);
}
