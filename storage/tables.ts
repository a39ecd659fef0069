import type { EntityManager, EntitySchemaWithMeta, InferKyselyTable } from "@mikro-orm/postgresql";
import type { ApiKeyEntity } from "./entities/api-key.ts";
import type { CipAttemptEntity } from "./entities/cip-attempt.ts";
import type { DataRequestEntity } from "./entities/data-request.ts";
import type { DecisionEntity } from "./entities/decision.ts";
import type { HeldResultEntity } from "./entities/held-result.ts";
import type { IdempotencyEntity } from "./entities/idempotency.ts";
import type { ImageEntity } from "./entities/image.ts";
import type { LinkEntity } from "./entities/link.ts";
import type { OperationEntity } from "./entities/operation.ts";
import type { PartnerEntity } from "./entities/partner.ts";
import type { UserEntity } from "./entities/user.ts";

/**
 * A row as Postgres gives and takes it, by column name: times and 64-bit numbers as text, JSON parsed, money as text.
 * A time is written as ISO 8601 and read in Postgres's own form; `isoTime` turns that back.
 */
export type Row<Entity extends EntitySchemaWithMeta> = {
  readonly [Column in keyof InferKyselyTable<Entity>]: Stored<InferKyselyTable<Entity>[Column]>;
};

type Stored<Value> = Value extends { readonly __select__: infer Selected } ? Plain<Selected> : Plain<Value>;

type Plain<Value> = Value extends Date | bigint ? string : Value;

interface Tables {
  readonly partners: Row<typeof PartnerEntity>;
  readonly api_keys: Row<typeof ApiKeyEntity>;
  readonly idempotency: Row<typeof IdempotencyEntity>;
  readonly images: Row<typeof ImageEntity>;
  readonly users: Row<typeof UserEntity>;
  readonly links: Row<typeof LinkEntity>;
  readonly data_requests: Row<typeof DataRequestEntity>;
  readonly cip_attempts: Row<typeof CipAttemptEntity>;
  readonly operations: Row<typeof OperationEntity>;
  readonly held_results: Row<typeof HeldResultEntity>;
  readonly decisions: Row<typeof DecisionEntity>;
}

/**
 * The query builder over raw rows, inside the unit of work's transaction when it has one. Values travel as parameters,
 * never inside the statement: so they stand in no error and in no log of the server.
 */
export const tables = (em: EntityManager) => em.getKysely<Tables>();
