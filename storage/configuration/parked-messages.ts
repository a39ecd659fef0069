import { type EntityManager, type InferEntity, LockMode } from "@mikro-orm/postgresql";
import { type PARKED_STATUSES, ParkedMessageEntity } from "../entities/parked-message.ts";
import { offsetOf, type Page, type Paged } from "../queries/page.ts";
import { countChanged } from "../sql.ts";

export type ParkedStatus = (typeof PARKED_STATUSES)[number];

/** What was parked, as the parked topic has it. */
export interface NewParkedMessage {
  /** `<partition>-<offset>` in the parked topic. */
  readonly parkedId: string;
  readonly reason: string;
  readonly detail: string;
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly rawBase64: string | null;
  readonly parkedAt: string;
}

/** A parked message, and what an operator did about it. */
export interface ParkedMessage extends NewParkedMessage {
  readonly status: ParkedStatus;
  readonly settledAt: string | null;
  readonly settledReason: string | null;
  readonly replayCommandId: string | null;
}

/** How a parked message ends. */
export interface Settlement {
  readonly status: Exclude<ParkedStatus, "parked">;
  readonly reason: string | null;
  readonly replayCommandId: string | null;
}

/** Stores what was parked; what is there already stays as it is. */
export async function storeParked(em: EntityManager, messages: readonly NewParkedMessage[]): Promise<void> {
  if (messages.length > 0) await countChanged(em, STORE, [JSON.stringify(messages)]);
}

const STORE = `
  insert into parked_messages
    (parked_id, reason, detail, consumer, topic, "partition", "offset", key, raw_base64, parked_at, status)
  select "parkedId", reason, detail, consumer, topic, "partition", "offset", key, "rawBase64", "parkedAt", 'parked'
  from json_to_recordset($1::json) as given("parkedId" text, reason text, detail text, consumer text, topic text,
    "partition" int, "offset" text, key text, "rawBase64" text, "parkedAt" timestamptz)
  on conflict (parked_id) do nothing`;

/** Parked messages, newest first, a page of them; of one status, or of all. */
export async function listParked(
  em: EntityManager,
  { status, ...page }: Page & { readonly status: ParkedStatus | null },
): Promise<Paged<ParkedMessage>> {
  const orderBy = { parkedAt: "desc", parkedId: "desc" } as const;
  const options = { orderBy, limit: page.limit, offset: offsetOf(page) };
  const [rows, total] = await em.findAndCount(ParkedMessageEntity, status === null ? {} : { status }, options);
  return { items: rows.map(toParked), total };
}

/** One parked message; null when there is none with this id. */
export async function findParked(em: EntityManager, parkedId: string): Promise<ParkedMessage | null> {
  const row = await em.findOne(ParkedMessageEntity, { parkedId });
  return row === null ? null : toParked(row);
}

/** The same, kept from everybody else until the transaction ends: of two who settle it at once, one comes second. */
export async function lockParked(em: EntityManager, parkedId: string): Promise<ParkedMessage | null> {
  const row = await em.findOne(ParkedMessageEntity, { parkedId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return row === null ? null : toParked(row);
}

/** Marks a parked message as settled; false when it was settled before. */
export async function settleParked(
  em: EntityManager,
  { parkedId, settlement }: { readonly parkedId: string; readonly settlement: Settlement },
  now: string,
): Promise<boolean> {
  const { status, reason, replayCommandId } = settlement;
  const changed = { status, settledAt: new Date(now), settledReason: reason, replayCommandId };
  return (await em.nativeUpdate(ParkedMessageEntity, { parkedId, status: "parked" }, changed)) > 0;
}

function toParked(row: InferEntity<typeof ParkedMessageEntity>): ParkedMessage {
  const { parkedId, reason, detail, consumer, topic, partition, offset, status, parkedAt, settledAt } = row;
  return {
    ...{ parkedId, reason, detail, consumer, topic, partition, offset, status },
    key: row.key ?? null,
    rawBase64: row.rawBase64 ?? null,
    parkedAt: parkedAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
    settledReason: row.settledReason ?? null,
    replayCommandId: row.replayCommandId ?? null,
  };
}
