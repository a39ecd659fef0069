import type { EntityManager } from "@mikro-orm/postgresql";
import type { Scope } from "../scope.ts";
import type { Sealing } from "../sealing.ts";
import { countChanged, runSql } from "../sql.ts";

/** What an Idempotency-Key is valid for: the same text elsewhere is another key. */
export interface IdempotencyKey extends Scope {
  readonly method: string;
  readonly path: string;
  readonly key: string;
}

export interface Claim extends IdempotencyKey {
  /** Hash of the canonical body. */
  readonly bodyHash: string;
  /** The command that this request would publish; null for one that publishes none. */
  readonly commandId: string | null;
  readonly now: string;
}

export type Claimed =
  /** The first request with this key: publish its command. */
  | { readonly kind: "new"; readonly commandId: string | null }
  /** The same request came before and is undecided: publish the same command again and wait with it. */
  | { readonly kind: "joined"; readonly commandId: string | null }
  /** The same request came before and was answered: answer the same. */
  | { readonly kind: "answered"; readonly commandId: string | null; readonly status: number; readonly response: string }
  /** The key came with another body: IDEMPOTENCY_KEY_REUSED. */
  | { readonly kind: "reused" };

/** Remembers for 24 hours what an Idempotency-Key led to. */
export interface IdempotencyRecords {
  /** Writes down that a request begins, before anything is published; of many at once exactly one is `new`. */
  readonly claim: (em: EntityManager, claim: Claim) => Promise<Claimed>;
  /**
   * Remembers the answer, if there is none yet, and gives the remembered one: of many that were decided together the
   * first, whose bytes all of them answer with. Only for decided outcomes: never 429 or 5xx, never a 202.
   */
  readonly complete: (em: EntityManager, key: IdempotencyKey, answer: RememberedAnswer) => Promise<RememberedAnswer>;
  /** Forgets the claim of a command that failed. A later claim of the key, for another command, stays. */
  readonly release: (em: EntityManager, key: IdempotencyKey, commandId: string) => Promise<void>;
}

export interface RememberedAnswer {
  readonly status: number;
  /** The body as it was sent; sealed at rest, because it may hold a link's token. */
  readonly response: string;
}

interface ClaimRow {
  readonly body_hash: string;
  readonly command_id: string | null;
  readonly status: number | null;
  readonly sealed_response: string | null;
}

interface AnswerRow {
  readonly status: number;
  readonly sealed_response: string;
}

/** The records of Idempotency-Keys. */
export function createIdempotencyRecords(sealing: Sealing): IdempotencyRecords {
  const claim = async (em: EntityManager, asked: Claim): Promise<Claimed> => {
    const isFirst = (await countChanged(em, CLAIM, [...keyOf(asked), asked.bodyHash, asked.commandId, asked.now])) > 0;
    if (isFirst) return { kind: "new", commandId: asked.commandId };
    const [row] = await runSql<ClaimRow>(em, FIND, keyOf(asked));
    // Released between the two statements: now this request may be the first.
    return row === undefined ? claim(em, asked) : claimedBy(row, asked, sealing);
  };
  return {
    claim,
    complete: async (em, key, answer) => {
      const parameters = [...keyOf(key), answer.status, sealing.seal(answer.response)];
      const [row] = await runSql<AnswerRow>(em, COMPLETE, parameters);
      // Released, or cleaned away after its day: there is nothing to agree with.
      return row === undefined ? answer : { status: row.status, response: sealing.open(row.sealed_response) };
    },
    release: async (em, key, commandId) => {
      await countChanged(em, RELEASE, [...keyOf(key), commandId]);
    },
  };
}

function claimedBy(row: ClaimRow, { bodyHash }: Claim, sealing: Sealing): Claimed {
  const { body_hash, command_id: commandId, status, sealed_response: sealed } = row;
  if (body_hash !== bodyHash) return { kind: "reused" };
  if (status === null || sealed === null) return { kind: "joined", commandId };
  return { kind: "answered", commandId, status, response: sealing.open(sealed) };
}

function keyOf({ partner, environment, method, path, key }: IdempotencyKey): readonly string[] {
  return [partner, environment, method, path, key];
}

const THIS_KEY = "partner = $1 and environment = $2 and method = $3 and path = $4 and key = $5";

/** A row older than 24 hours is as if absent: it is taken over. */
const CLAIM = `
  insert into idempotency as known (partner, environment, method, path, key, body_hash, command_id, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (partner, environment, method, path, key) do update
  set body_hash = excluded.body_hash, command_id = excluded.command_id, status = null, sealed_response = null,
      created_at = excluded.created_at
  where known.created_at <= excluded.created_at - interval '24 hours'`;
const FIND = `select body_hash, command_id, status, sealed_response from idempotency where ${THIS_KEY}`;
const COMPLETE = `
  update idempotency set status = coalesce(status, $6), sealed_response = coalesce(sealed_response, $7)
  where ${THIS_KEY} returning status, sealed_response`;
const RELEASE = `delete from idempotency where ${THIS_KEY} and status is null and command_id = $6`;
