import type { EntityManager, EntitySchemaWithMeta } from "@mikro-orm/postgresql";
import { remember } from "../../runtime/remember.ts";
import type { RunTogether, Statement } from "../sql.ts";

type Row = Readonly<Record<string, unknown>>;
type Rows = readonly Row[];

/** A row as it was loaded, and as it is to be. */
export interface RowChange {
  readonly before: Row;
  readonly after: Row;
}

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
   * Updates every row that is found by its key and, where the table has a `version`, still has the one of before. Only
   * columns that some row changed are sent: by identity, so that another object counts as another content. Ends the
   * transaction when a row is not found.
   */
  update(em: EntityManager, entity: EntitySchemaWithMeta, changes: readonly RowChange[]): readonly Write[];
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

/** Which columns change together depends on what commands do; there are some dozens of ways. */
const MOST_STATEMENTS = 500;

/** A bulk writer; remembers the statements it has composed. */
export function createBulkWriter(): BulkWriter {
  const statements = new Map<string, string>();
  const tables = new Map<string, Table>();
  const remembered = (name: string, compose: () => string): string => {
    const known = statements.get(name) ?? compose();
    remember(statements, [name, known], MOST_STATEMENTS);
    return known;
  };
  const tableOf = (em: EntityManager, entity: EntitySchemaWithMeta): Table => {
    const known = tables.get(entity.meta.tableName) ?? readTable(em, entity);
    tables.set(known.name, known);
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
    update(em, entity, changes) {
      const table = tableOf(em, entity);
      const changed = table.columns.filter(
        ({ name, isKey }) => !isKey && changes.some(({ before, after }) => before[name] !== after[name]),
      );
      if (changed.length === 0) return [];
      const names = changed.map(({ name }) => name);
      const sql = remembered(`update ${table.name} ${names}`, () => composeUpdate(table, changed));
      const sent = [...keysOf(table).map(({ name }) => name), ...names];
      const rows = changes.map(({ before, after }) => {
        const row: Record<string, unknown> = isVersioned(table) ? { loaded_version: before["version"] } : {};
        for (const name of sent) row[name] = after[name];
        return row;
      });
      return [{ sql, table: table.name, parameters: [JSON.stringify(rows), rows.length] }];
    },
  };
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isKey: boolean;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

function readTable(em: EntityManager, entity: EntitySchemaWithMeta): Table {
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

const keysOf = ({ columns }: Table): readonly Column[] => columns.filter(({ isKey }) => isKey);
const isVersioned = ({ columns }: Table): boolean => columns.some(({ name }) => name === "version");

/** A subselect with ordinality keeps the order, which serial ids then follow. */
function composeInsert({ name, columns }: Table): string {
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  return `insert into "${name}" (${names}) select ${names} from json_to_recordset($1::json) as given(${typed(columns)})`;
}

function composeUpdate(table: Table, changed: readonly Column[]): string {
  const changes = changed.map((column) => `"${column.name}" = given."${column.name}"`);
  const found = keysOf(table).map((column) => `old."${column.name}" = given."${column.name}"`);
  const version = isVersioned(table) ? [{ name: "loaded_version", type: "int" }] : [];
  if (version.length > 0) found.push('old."version" = given."loaded_version"');
  const update = [
    `update "${table.name}" as old set ${changes.join(", ")}`,
    `from json_to_recordset($1::json) as given(${typed([...keysOf(table), ...changed, ...version])})`,
    `where ${found.join(" and ")} returning 1`,
  ].join(" ");
  return `with changed as (${update}) select 1 / (count(*) = $2)::int from changed`;
}

function typed(columns: readonly { readonly name: string; readonly type: string }[]): string {
  return columns.map(({ name, type }) => `"${name}" ${type}`).join(", ");
}
