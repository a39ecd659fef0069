import type { EntityManager, EntitySchemaWithMeta } from "@mikro-orm/postgresql";
import type { RunTogether, Statement } from "../sql.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** A statement that writes rows of one table. */
export interface Write extends Statement {
  readonly table: string;
}

/**
 * Composes statements that write many rows of one table: the rows travel as one JSON parameter, so that a batch costs the
 * same few statements whatever its size. Tables and column types come from the entities. No rows need no statement.
 */
export interface BulkWriter {
  /** Inserts the rows in their order. */
  insert(em: EntityManager, entity: EntitySchemaWithMeta, rows: Rows): readonly Write[];
  /** The same, and gives the generated `id` of each. */
  insertNumbered(em: EntityManager, entity: EntitySchemaWithMeta, rows: Rows): readonly Write[];
  /**
   * Updates every row that is found by its key and, when the rows carry `loaded_version`, still has that version. Ends the
   * transaction when one is not found.
   */
  update(em: EntityManager, entity: EntitySchemaWithMeta, rows: Rows): readonly Write[];
}

/** Another writer changed a row between load and save. The fence makes this impossible; it is checked all the same. */
export class StaleWriteError extends Error {
  override readonly name = "StaleWriteError";
}

/** Runs writes in their order, together, and gives the rows that each gives. Throws StaleWriteError. */
export async function runWrites(
  run: RunTogether,
  writes: readonly Write[],
): Promise<ReadonlyMap<Write, readonly unknown[]>> {
  try {
    const results = await run(writes);
    return new Map(writes.map((write, index) => [write, results[index] ?? []]));
  } catch (error) {
    const isStale = error instanceof Error && "code" in error && error.code === DIVISION_BY_ZERO;
    throw isStale ? new StaleWriteError("a row was changed by another writer", { cause: error }) : error;
  }
}

/** How an update ends its transaction that did not find all its rows: nothing else divides here. */
const DIVISION_BY_ZERO = "22012";

/** A bulk writer; remembers the statements it has composed. */
export function createBulkWriter(): BulkWriter {
  const statements = new Map<string, string>();
  const remembered = (name: string, compose: () => string): string => {
    const known = statements.get(name) ?? compose();
    statements.set(name, known);
    return known;
  };
  const insertSql = (em: EntityManager, entity: EntitySchemaWithMeta): string =>
    remembered(`insert ${entity.meta.tableName}`, () => composeInsert(tableOf(em, entity)));
  const write = (entity: EntitySchemaWithMeta, sql: string, rows: Rows): Write => ({
    ...{ sql, table: entity.meta.tableName },
    parameters: [JSON.stringify(rows)],
  });
  return {
    insert: (em, entity, rows) => (rows.length === 0 ? [] : [write(entity, insertSql(em, entity), rows)]),
    insertNumbered: (em, entity, rows) =>
      rows.length === 0 ? [] : [write(entity, `${insertSql(em, entity)} returning id`, rows)],
    update(em, entity, rows) {
      const [first] = rows;
      if (first === undefined) return [];
      const isVersioned = "loaded_version" in first;
      const sql = remembered(`update ${entity.meta.tableName}`, () => composeUpdate(tableOf(em, entity), isVersioned));
      return [{ ...write(entity, sql, rows), parameters: [JSON.stringify(rows), rows.length] }];
    },
  };
}

interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isKey: boolean }[];
}

function tableOf(em: EntityManager, entity: EntitySchemaWithMeta): Table {
  const { tableName, props } = em.getMetadata().get(entity.meta.class);
  const columns = props
    .filter(({ autoincrement }) => autoincrement !== true)
    .map((property) => ({
      name: property.fieldNames[0] ?? "",
      type: property.columnTypes[0] ?? "text",
      isKey: property.primary === true,
    }));
  return { name: tableName, columns };
}

/** A subselect with ordinality keeps the order, which serial ids then follow. */
function composeInsert({ name, columns }: Table): string {
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  return `insert into "${name}" (${names}) select ${names} from json_to_recordset($1::json) as given(${typed(columns)})`;
}

function composeUpdate({ name, columns }: Table, isVersioned: boolean): string {
  const keys = columns.filter(({ isKey }) => isKey);
  const changes = columns.filter(({ isKey }) => !isKey).map((column) => `"${column.name}" = given."${column.name}"`);
  const found = keys.map((column) => `old."${column.name}" = given."${column.name}"`);
  const version = isVersioned ? [{ name: "loaded_version", type: "int" }] : [];
  if (isVersioned) found.push('old."version" = given."loaded_version"');
  const update = [
    `update "${name}" as old set ${changes.join(", ")}`,
    `from json_to_recordset($1::json) as given(${typed([...columns, ...version])})`,
    `where ${found.join(" and ")} returning 1`,
  ].join(" ");
  return `with changed as (${update}) select 1 / (count(*) = $2)::int from changed`;
}

function typed(columns: readonly { readonly name: string; readonly type: string }[]): string {
  return columns.map(({ name, type }) => `"${name}" ${type}`).join(", ");
}
