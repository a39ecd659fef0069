import { afterAll, beforeAll, expect, test } from "vitest";
import type { CreateLink } from "../../domain/commands.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import { derivedCommandId } from "../../runtime/ids.ts";
import { runSql } from "../../storage/sql.ts";
import { createLinkCommand } from "../support/commands.ts";
import type { FoundMessage, TestKafka } from "../support/kafka.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const USERS = 100;
const COMMANDS_PER_USER = 10;
const TOTAL = USERS * COMMANDS_PER_USER;

/** Kafka gives a dead member's partitions away after the session timeout; the others must be shorter. */
const QUICK_TAKEOVER = {
  SESSION_TIMEOUT_MS: "6000",
  REBALANCE_TIMEOUT_MS: "6000",
  HEARTBEAT_INTERVAL_MS: "1000",
  LOCK_TIMEOUT_MS: "3000",
  IDLE_IN_TRANSACTION_TIMEOUT_MS: "4000",
  STATEMENT_TIMEOUT_MS: "5000",
};

let system: System;
let kafka: TestKafka;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"], environment: QUICK_TAKEOVER });
  kafka = await system.connectKafka();
});

afterAll(async () => {
  await kafka.stop();
  await system.stop();
});

test("P11 1,000 commands over 100 users, each published twice, the consumer killed twice: nothing lost, nothing twice", async () => {
  const { slug } = await system.newPartner();
  const commands = commandsOf(slug);
  const killed = (async () => {
    for (const share of [0.2, 0.6]) {
      await until("some commands are decided", async () => (await decided()) >= TOTAL * share);
      await system.consumers().kill();
      await system.startConsumers(["users"]);
    }
  })();
  for (const command of commands) await kafka.writeValues("userCommands", addressKey(command), [command, command]);
  await killed;
  await until("every command is decided", async () => (await decided()) === TOTAL);
  await expectOneHistoryPerUser(slug);
  await expectOrderOfCommands(commands);
  await expectPublishedInOrder();
});

/** Every create replaces the link before it, so that every command of a user depends on the one before. */
function commandsOf(partner: string): readonly CreateLink[] {
  return Array.from({ length: COMMANDS_PER_USER }, (_, round) =>
    Array.from({ length: USERS }, (_, user) => {
      const referenceId = `user_${user}`;
      const commandId = derivedCommandId(partner, referenceId, String(round));
      return createLinkCommand({ partner, referenceId, commandId, onActive: "replace" });
    }),
  ).flat();
}

async function decided(): Promise<number> {
  const [row] = await runSql<{ count: string }>(system.database.em(), "select count(*) from decisions", []);
  return Number(row?.count);
}

/** One applied decision per command, one link per command of which one is active, and a gapless history. */
async function expectOneHistoryPerUser(partner: string): Promise<void> {
  const em = system.database.em();
  const outcomes = await runSql(em, "select outcome, count(*)::int from decisions group by outcome", []);
  expect(outcomes).toEqual([{ outcome: "applied", count: TOTAL }]);
  const links = await runSql(em, "select status, count(*)::int from links where partner = $1 group by 1 order by 1", [
    partner,
  ]);
  expect(links).toEqual([
    { status: "created", count: USERS },
    { status: "revoked", count: TOTAL - USERS },
  ]);
  const users = await runSql<{ last_sequence: number; version: number; events: number; highest: number }>(
    em,
    `select last_sequence, version, count(*)::int as events, max(sequence) as highest
     from users join user_history using (user_id) group by user_id`,
    [],
  );
  expect(users).toHaveLength(USERS);
  for (const user of users) {
    expect(user.events).toBe(user.highest);
    expect(user.last_sequence).toBe(user.highest);
    expect(user.version).toBe(COMMANDS_PER_USER);
  }
}

/** A user's links were made in the order in which their commands were published. */
async function expectOrderOfCommands(commands: readonly CreateLink[]): Promise<void> {
  const made = await runSql<{ reference_id: string; commands: readonly string[] }>(
    system.database.em(),
    `select reference_id, array_agg(command_id order by sequence) as commands
     from user_history join users using (user_id) where type = 'link.created' group by reference_id`,
    [],
  );
  const given = Map.groupBy(commands, ({ referenceId }) => referenceId);
  expect(made).toHaveLength(USERS);
  for (const { reference_id: referenceId, commands: ids } of made) {
    expect(ids).toEqual(given.get(referenceId)?.map(({ commandId }) => commandId));
  }
}

/** At least once and in order: dropping what is not above the last sequence leaves each user's whole history. */
async function expectPublishedInOrder(): Promise<void> {
  const [expected] = await runSql<{ count: string }>(system.database.em(), "select count(*) from user_history", []);
  const all = await kafka.read("userEvents", hasDistinct(Number(expected?.count)));
  const last = new Map<string, number>();
  let repeated = 0;
  for (const { key, value } of all) {
    const { sequence } = (await kafka.codec.decode(value ?? Buffer.alloc(0), "userEvents")) as { sequence: number };
    const before = last.get(key ?? "") ?? 0;
    if (sequence > before) {
      expect(sequence).toBe(before + 1);
      last.set(key ?? "", sequence);
    } else {
      repeated += 1;
    }
  }
  const kept = all.length - repeated;
  console.log(
    `P11: ${TOTAL} commands published twice, ${kept} events, ${repeated} of them published again after a kill`,
  );
  expect(kept).toBe(Number(expected?.count));
}

/** Whether so many different messages were found. What is found only grows, and is asked about after each. */
function hasDistinct(count: number): (found: readonly FoundMessage[]) => boolean {
  const ids = new Set<string | undefined>();
  let looked = 0;
  return (found) => {
    for (; looked < found.length; looked += 1) ids.add(found[looked]?.headers["messageId"]);
    return ids.size === count;
  };
}
