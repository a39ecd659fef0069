import type { EntityManager } from "@mikro-orm/postgresql";
import type { User } from "../../domain/user/user.ts";
import { toUser, type UserRow } from "../mapping/user.ts";
import { runSql } from "../sql.ts";
import { findSuspectedDuplicates } from "./duplicates.ts";
import { offsetOf, type Page, type Paged } from "./page.ts";

/** A user that waits for a person to look (B14). */
export interface WaitingReview {
  readonly user: User;
  /** The open check of kind `review` (B5); null when there is none. */
  readonly reviewAttemptId: string | null;
  /** Transfers whose updates contradict each other (J4); each is settled by itself (J6). */
  readonly heldOperationIds: readonly string[];
  /** B11: another user of the same partner and environment has the same idNumber and dob. */
  readonly isDuplicateSuspected: boolean;
}

export interface ReviewList extends Page {
  /** Of one partner; null: of all. */
  readonly partner: string | null;
}

/** Users that wait for a review, those that changed last first; over three partial indexes. */
export async function listReviews(em: EntityManager, { partner, ...page }: ReviewList): Promise<Paged<WaitingReview>> {
  const rows = await runSql<ReviewRow>(em, REVIEWS, [partner, page.limit, offsetOf(page)]);
  const [count] = await runSql<{ readonly total: string }>(em, `${WAITING} select count(*) as total from waiting`, [
    partner,
  ]);
  const duplicates = await findSuspectedDuplicates(
    em,
    rows.map(({ user }) => user.user_id),
  );
  return {
    items: rows.map((row) => toReview(row, duplicates.has(row.user.user_id))),
    total: Number(count?.total ?? 0),
  };
}

/** The words of the index `users_for_review`. */
const FLAGGED = "flags <> '[]'::jsonb or (cip ->> 'needsReview') = 'true' or (cip ->> 'isHeldForReview') = 'true'";
const WAITING = `
  with waiting as (
    select user_id from users where (${FLAGGED}) and ($1::text is null or partner = $1)
    union
    select user_id from cip_attempts where status = 'open' and kind = 'review' and ($1::text is null or partner = $1)
    union
    select user_id from operations where is_held_for_review and ($1::text is null or partner = $1)
  )`;
const REVIEWS = `
  ${WAITING}
  select to_json(u) as "user",
    (select attempt_id from cip_attempts a
     where a.user_id = u.user_id and a.status = 'open' and a.kind = 'review') as review_attempt_id,
    array(select operation_id from operations h where h.user_id = u.user_id and h.is_held_for_review order by 1)
      as held_operation_ids
  from waiting join users u using (user_id)
  order by u.updated_at desc, u.user_id desc limit $2 offset $3`;

interface ReviewRow {
  readonly user: UserRow;
  readonly review_attempt_id: string | null;
  readonly held_operation_ids: readonly string[];
}

function toReview(row: ReviewRow, isDuplicateSuspected: boolean): WaitingReview {
  return {
    user: toUser(row.user),
    reviewAttemptId: row.review_attempt_id,
    heldOperationIds: row.held_operation_ids,
    isDuplicateSuspected,
  };
}
