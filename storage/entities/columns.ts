import { p } from "@mikro-orm/postgresql";
import type { Environment } from "../../domain/user/user.ts";

const ENVIRONMENTS = ["test", "live"] as const satisfies readonly Environment[];

/** The column of the world a row belongs to. */
export const environmentColumn = () => p.enum(ENVIRONMENTS);

/** The columns that say whose row it is: partner, environment, referenceId. */
export const addressColumns = () => ({
  partner: p.text(),
  environment: environmentColumn(),
  referenceId: p.text(),
});

/** A moment, to the millisecond, which is what leaves as ISO 8601 text. */
export const timeColumn = () => p.datetime(3);

/** JSON that partners, users or providers wrote: kept as it was written (`json`, not `jsonb`), keys in their order (P7). */
export const foreignJsonColumn = <T>() => p.json<T>().columnType("json");
