import type { EntityManager } from "@mikro-orm/postgresql";
import type { UserAddress } from "../../domain/user/user.ts";
import { isoTime } from "../mapping/iso-time.ts";
import { tables } from "../tables.ts";

/** Something whose time has come. */
export interface Due {
  /** linkId or heldResultId. */
  readonly id: string;
  /** When its time came: a link's expiresAt, or when a result began to be held. */
  readonly at: string;
  readonly address: UserAddress;
}

export interface DueSearch {
  /** What is due at this moment or before. */
  readonly until: string;
  readonly limit: number;
  /** The last one of the previous part, so that a few which cannot be settled do not hide the others behind them. */
  readonly after?: Pick<Due, "id" | "at">;
}

/** Links whose expiresAt has come and that no transfer holds open (C5, C8, G7), longest overdue first. */
export async function findLinksToExpire(
  em: EntityManager,
  { until, limit, after }: DueSearch,
): Promise<readonly Due[]> {
  let links = tables(em)
    .selectFrom("links")
    .select(["link_id as id", "expires_at as at", "partner", "environment", "reference_id"])
    .where("status", "in", ["created", "opened", "in_progress"])
    .where("committed_operation_id", "is", null)
    .where("expires_at", "<=", until);
  if (after !== undefined) {
    links = links.where((is) => is(is.refTuple("expires_at", "link_id"), ">", is.tuple(after.at, after.id)));
  }
  return (await links.orderBy("expires_at").orderBy("link_id").limit(limit).execute()).map(due);
}

/** Held results that began to wait at `until` or before (B2, G7), longest waiting first. */
export async function findHeldResultsToPark(
  em: EntityManager,
  { until, limit, after }: DueSearch,
): Promise<readonly Due[]> {
  let results = tables(em)
    .selectFrom("held_results")
    .select(["held_result_id as id", "held_at as at", "partner", "environment", "reference_id"])
    .where("held_at", "<=", until);
  if (after !== undefined) {
    results = results.where((is) => is(is.refTuple("held_at", "held_result_id"), ">", is.tuple(after.at, after.id)));
  }
  return (await results.orderBy("held_at").orderBy("held_result_id").limit(limit).execute()).map(due);
}

interface DueRow {
  readonly id: string;
  readonly at: string;
  readonly partner: string;
  readonly environment: UserAddress["environment"];
  readonly reference_id: string;
}

function due({ id, at, partner, environment, reference_id: referenceId }: DueRow): Due {
  return { id, at: isoTime(at), address: { partner, environment, referenceId } };
}
