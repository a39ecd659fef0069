import { type EntityManager, type InferEntity, LockMode } from "@mikro-orm/postgresql";
import { movedReplay, type ReplayMove, type ReplayState } from "../../domain/webhook/replay.ts";
import { newId } from "../../runtime/ids.ts";
import { tellDue } from "../due-hints.ts";
import { type ReplayFilter, WebhookReplayEntity } from "../entities/webhook-replay.ts";
import { offsetOf, type Page, type Paged } from "../queries/page.ts";
import type { Scope } from "../scope.ts";
import { own } from "./webhook-endpoints.ts";

/** A replay as its partner sees it. */
export interface Replay {
  readonly replayId: string;
  readonly kind: "replay" | "recovery";
  readonly endpointId: string;
  readonly filter: ReplayFilter;
  /** Deliveries per second; null: as fast as the endpoint takes them. */
  readonly rate: number | null;
  readonly state: ReplayState;
  /** Why it is paused or cancelled without anybody's wish. */
  readonly reason: string | null;
  /** How many events were looked at, and how many of them are sent again. */
  readonly examined: number;
  readonly enqueued: number;
  /** The time of the event up to which it has come. */
  readonly reachedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
}

export type NewReplay = Pick<Replay, "kind" | "endpointId" | "filter" | "rate">;

/** Begins a replay, inside a transaction; a worker takes it up within a second. The endpoint must be the partner's. */
export async function createReplay(
  unit: EntityManager,
  scope: Scope,
  { replay, now }: { readonly replay: NewReplay; readonly now: string },
): Promise<Replay> {
  const at = new Date(now);
  const row = unit.create(WebhookReplayEntity, {
    ...own(scope),
    ...replay,
    replayId: newId("rpl", scope.partner),
    ...{ state: "running", reason: null, cursor: null, examined: 0, enqueued: 0 },
    ...{ nextAt: at, createdAt: at, updatedAt: at, finishedAt: null },
  });
  unit.persist(row);
  await unit.flush();
  await tellDue(unit);
  return toReplay(row);
}

/** What came of a move: the replay, or the state in which it cannot make that move. */
export type ReplayMoved =
  | { readonly kind: "moved"; readonly replay: Replay }
  | { readonly kind: "refused"; readonly state: ReplayState };

/** Pauses, resumes or cancels, inside a transaction; null when it is another partner's or unknown. */
export async function moveReplay(
  unit: EntityManager,
  { scope, replayId }: { readonly scope: Scope; readonly replayId: string },
  { move, now }: { readonly move: ReplayMove; readonly now: string },
): Promise<ReplayMoved | null> {
  const where = { ...own(scope), replayId };
  const row = await unit.findOne(WebhookReplayEntity, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (row === null) return null;
  const state = movedReplay(row.state, move);
  if (state === null) return { kind: "refused", state: row.state };
  if (state !== row.state) {
    const at = new Date(now);
    unit.assign(row, { state, reason: null, nextAt: at, updatedAt: at, finishedAt: state === "cancelled" ? at : null });
    await unit.flush();
    await tellDue(unit);
  }
  return { kind: "moved", replay: toReplay(row) };
}

/** One of a partner's replays; null when it is another partner's or unknown. */
export async function findReplay(em: EntityManager, scope: Scope, replayId: string): Promise<Replay | null> {
  const row = await em.findOne(WebhookReplayEntity, { ...own(scope), replayId });
  return row === null ? null : toReplay(row);
}

/** A partner's replays, newest first. */
export async function listReplays(em: EntityManager, scope: Scope, page: Page): Promise<Paged<Replay>> {
  const orderBy = { createdAt: "desc", replayId: "desc" } as const;
  const part = { orderBy, limit: page.limit, offset: offsetOf(page) };
  const [rows, total] = await em.findAndCount(WebhookReplayEntity, own(scope), part);
  return { items: rows.map(toReplay), total };
}

function toReplay(row: InferEntity<typeof WebhookReplayEntity>): Replay {
  const { replayId, kind, endpointId, filter, state, examined, enqueued, createdAt, updatedAt } = row;
  return {
    ...{ replayId, kind, endpointId, filter, state, examined, enqueued },
    rate: row.rate ?? null,
    reason: row.reason ?? null,
    reachedAt: row.cursor?.at ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
