import type { EntityManager, EntitySchemaWithMeta } from "@mikro-orm/postgresql";
import { runSql } from "../sql.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * Writes many rows of one table in one statement: the rows travel as one JSON parameter, so that a batch costs the same
 * few round trips whatever its size. Tables and column types come from the entities.
 */
export interface BulkWriter {
  /** Inserts the rows in their order. */
  insert(em: EntityManager, entity: EntitySchemaWithMeta, rows: Rows): Promise<void>;
  /** Inserts the rows in their order and gives the generated ids of `id`, in the same order. */
  insertNumbered(em: EntityManager, entity: EntitySchemaWithMeta, rows: Rows): Promise<readonly bigint[]>;
  /**
   * Updates every row that is found by its key and, when the rows carry `loaded_version`, still has that version.
   * Throws StaleWriteError when one is not: somebody else wrote it.
   */
  update(em: EntityManager, entity: EntitySchemaWithMeta, rows: Rows): Promise<void>;
}

/** Another writer changed a row between load and save. The fence makes this impossible; it is checked all the same. */
export class StaleWriteError extends Error {
  override readonly name = "StaleWriteError";
}

/** A bulk writer; remembers the statements it has composed. */
export function createBulkWriter(): BulkWriter {
  const statements = new Map<string, string>();
  const remembered = (name: string, compose: () => string): string => {
    const known = statements.get(name) ?? compose();
    statements.set(name, known);
    return known;
  };
  const insertStatement = (em: EntityManager, entity: EntitySchemaWithMeta): string =>
    remembered(`insert ${entity.meta.tableName}`, () => composeInsert(tableOf(em, entity)));
  return {
    async insert(em, entity, rows) {
      if (rows.length > 0) await runSql(em, insertStatement(em, entity), [JSON.stringify(rows)]);
    },
    async insertNumbered(em, entity, rows) {
      if (rows.length === 0) return [];
      const sql = `${insertStatement(em, entity)} returning id`;
      const numbered = await runSql<{ id: string }>(em, sql, [JSON.stringify(rows)]);
      return numbered.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
    },
    async update(em, entity, rows) {
      const [first] = rows;
      if (first === undefined) return;
      const { tableName } = entity.meta;
      const isVersioned = "loaded_version" in first;
      const sql = remembered(`update ${tableName}`, () => composeUpdate(tableOf(em, entity), isVersioned));
      const updated = await runSql(em, sql, [JSON.stringify(rows)]);
      if (updated.length !== rows.length)
        throw new StaleWriteError(`a row of ${tableName} was changed by another writer`);
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
  return [
    `update "${name}" as old set ${changes.join(", ")}`,
    `from json_to_recordset($1::json) as given(${typed([...columns, ...version])})`,
    `where ${found.join(" and ")} returning 1`,
  ].join(" ");
}

function typed(columns: readonly { readonly name: string; readonly type: string }[]): string {
  return columns.map(({ name, type }) => `"${name}" ${type}`).join(", ");
}
