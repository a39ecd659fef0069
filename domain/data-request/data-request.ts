import type { Path } from "../user/fields.ts";

export const DATA_REQUEST_STATUSES = [
  "open",
  "partially_answered",
  "fulfilled",
  "superseded",
  "expired",
  "cancelled",
] as const;

export type DataRequestStatus = (typeof DATA_REQUEST_STATUSES)[number];

export interface DataRequest {
  readonly dataRequestId: string;
  readonly linkId: string;
  readonly status: DataRequestStatus;
  readonly requiredFields: readonly Path[];
  readonly remainingFields: readonly Path[];
  readonly createdAt: string;
  /** The link's expiresAt; an answer is accepted before it, also after the request was closed (D2, D6). */
  readonly expiresAt: string;
  readonly fulfilledAt: string | null;
  readonly closedAt: string | null;
}
