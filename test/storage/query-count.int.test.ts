import { beforeAll, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import { systemClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { runSql } from "../../storage/sql.ts";
import { beginProgress } from "../../storage/user-store/progress.ts";
import { createUserStore } from "../../storage/user-store.ts";
import { createLinkCommand } from "../support/commands.ts";
import { useDatabase } from "../support/database.ts";
import { UNREACHABLE_LOCK } from "../support/unreachable-lock.ts";

const TOPIC = "user-commands";
const { em, database } = useDatabase();

beforeAll(async () => {
  await runSql(em(), "create extension if not exists pg_stat_statements", []);
  await createPartner(em(), { slug: "acme", name: "Acme" }, new Date(systemClock()).toISOString());
});

let partitions = 0;

/** How many statements Postgres ran for one batch of these commands, in a partition of its own. */
async function statementsFor(commands: readonly Command[]): Promise<number> {
  partitions += 1;
  const place = { topic: TOPIC, partition: partitions };
  await beginProgress(em(), { ...place, clusterId: "cluster", nextOffset: 0n });
  const store = createUserStore({
    database: database(),
    lock: UNREACHABLE_LOCK,
    clock: systemClock,
    newId,
    addresses: { widget: "https://widget.test", gateway: "https://gateway.test" },
    identityHash: () => "",
    metrics: { activeLinkRaces: { inc: () => undefined } },
  });
  const messages = commands.map((command, index) => ({
    ...({ kind: "command", offset: BigInt(index), command, traceparent: null, poison: null } as const),
  }));
  const before = await calls();
  const result = await store.change({ ...place, messages }, "cluster");
  expect(result).toMatchObject({ kind: "committed", nextOffset: BigInt(commands.length) });
  return (await calls()) - before;
}

async function calls(): Promise<number> {
  const sql = `select sum(calls)::int as calls from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and query not like '%pg_stat_statements%'`;
  return (await runSql<{ calls: number }>(em(), sql, []))[0]?.calls ?? 0;
}

function creates(count: number, name: string): readonly Command[] {
  return Array.from({ length: count }, (_, index) =>
    createLinkCommand({
      partner: "acme",
      referenceId: `${name}_${index}`,
      commandId: `cmd_acme_${name}_${index}`,
      onActive: "replace",
      values: { "name.firstName": "Ana" },
    }),
  );
}

test("a command costs no query of its own: 200 in a batch take as many statements as two", async () => {
  const two = await statementsFor(creates(2, "two"));
  const many = await statementsFor(creates(200, "many"));
  const again = await statementsFor(
    creates(200, "many").map((command) => ({ ...command, commandId: `${command.commandId}_again` })),
  );
  const twoAgain = await statementsFor(
    creates(2, "two").map((command) => ({ ...command, commandId: `${command.commandId}_again` })),
  );
  console.log(
    `statements per batch: ${two} for 2 new users, ${many} for 200; ${twoAgain} for 2 known users, ${again} for 200`,
  );
  expect(many).toBe(two);
  expect(again).toBe(twoAgain);
});
