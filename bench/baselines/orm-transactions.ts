import type { EntityManager, EntitySchemaWithMeta } from "@mikro-orm/postgresql";
import { DataRequestEntity } from "../../storage/entities/data-request.ts";
import { DecisionEntity } from "../../storage/entities/decision.ts";
import { LinkEntity } from "../../storage/entities/link.ts";
import { OutboxEntity } from "../../storage/entities/outbox.ts";
import { RefusalEntity } from "../../storage/entities/refusal.ts";
import { UserEntity } from "../../storage/entities/user.ts";
import { UserHistoryEntity } from "../../storage/entities/user-history.ts";
import type { Database } from "../../storage/orm.ts";
import { type RunTogether, runSql } from "../../storage/sql.ts";
import type { RowChange } from "../../storage/user-store/bulk.ts";
import { loadWorkingSet, usersStatement } from "../../storage/user-store/load.ts";
import { partnersOf, partnersStatement } from "../../storage/user-store/partners.ts";
import { type CommandTransactions, Conflict, retried } from "./apply-command.ts";
import { changedRows, type Row, type TableName } from "./changed-rows.ts";
import { type DecidingSettings, decideAlone } from "./decide-alone.ts";
import { createTurns } from "./in-turn.ts";

export interface OrmSettings extends DecidingSettings {
  readonly poolSize: number;
}

/**
 * Baseline (a): one MikroORM transaction per command. It loads with the product's own queries, which are faster than
 * hydrated entities, decides with the product's rules, and lets the unit of work insert and update.
 */
export function createOrmTransactions(database: Database, { poolSize, ...settings }: OrmSettings): CommandTransactions {
  const inTurn = createTurns(poolSize);
  return {
    apply: (command) =>
      retried(() =>
        inTurn(() =>
          database.em().transactional(async (em) => {
            const run = oneByOne(em);
            const [partners, known] = await run([partnersStatement([command]), usersStatement([command])]);
            const partnerOf = partnersOf(partners);
            const users = await loadWorkingSet(run, [command], known);
            const decided = decideAlone(command, { users, partnerOf }, settings);
            const { changed, added } = changedRows(decided);
            for (const [table, changes] of changed) for (const change of changes) await update(em, table, change);
            // What ends leaves the unique index before what begins enters it: the unit of work would insert first.
            if (changed.some(([, changes]) => changes.length > 0)) await em.flush();
            for (const [table, rows] of added)
              for (const row of rows) em.persist(em.create(ENTITIES[table], propertiesOf(em, table, row)));
            const decision = decided.run.decided[0]?.decision;
            if (decision === undefined) throw new Error("a command was not decided");
            return decision;
          }),
        ),
      ),
    close: async () => undefined,
  };
}

const ENTITIES: Readonly<Record<TableName, EntitySchemaWithMeta>> = {
  users: UserEntity,
  links: LinkEntity,
  data_requests: DataRequestEntity,
  decisions: DecisionEntity,
  refusals: RefusalEntity,
  user_history: UserHistoryEntity,
  outbox: OutboxEntity,
};

/** A unit of work asks one thing after the other. */
function oneByOne(em: EntityManager): RunTogether {
  return async (wanted) => {
    const rows: unknown[] = [];
    for (const one of wanted) rows.push(one === null ? [] : await runSql(em, one.sql, one.parameters));
    return rows as never;
  };
}

/** The user first, by its version: whoever comes second finds it changed. */
async function update(em: EntityManager, table: TableName, { before, after }: RowChange): Promise<void> {
  if (table !== "users") {
    em.assign(em.map<object>(ENTITIES[table], { ...before }), propertiesOf(em, table, after));
    return;
  }
  const found = { userId: before["user_id"], version: before["version"] } as object;
  const updated = await em.nativeUpdate<object>(ENTITIES[table], found, propertiesOf(em, table, after));
  if (updated !== 1) throw new Conflict("another transaction changed this user");
}

/** A row by the names of the entity's properties, with its times as the entity has them. */
function propertiesOf(em: EntityManager, table: TableName, row: Row): Record<string, unknown> {
  const { props } = em.getMetadata().get(ENTITIES[table].meta.class);
  const given = props.filter(({ fieldNames }) => (fieldNames?.[0] ?? "") in row);
  return Object.fromEntries(
    given.map(({ name, fieldNames, runtimeType }) => {
      const value = row[fieldNames[0] ?? ""];
      return [name, runtimeType === "Date" && typeof value === "string" ? new Date(value) : value];
    }),
  );
}
