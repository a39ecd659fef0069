import type { HeldResult } from "../../domain/decision.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { HeldResultEntity } from "../entities/held-result.ts";
import type { Row } from "../tables.ts";
import { isoTime } from "./iso-time.ts";

export type HeldResultRow = Row<typeof HeldResultEntity>;

/** The held result in a row of `held_results`. */
export function toHeldResult(row: HeldResultRow): HeldResult {
  return { heldResultId: row.held_result_id, heldAt: isoTime(row.held_at), held: row.payload };
}

/** The row of `held_results` for a held result; what it waits for stands in columns of its own. */
export function fromHeldResult({ heldResultId, heldAt, held }: HeldResult, address: UserAddress): HeldResultRow {
  return {
    held_result_id: heldResultId,
    partner: address.partner,
    environment: address.environment,
    reference_id: address.referenceId,
    attempt_id: held.kind === "cip_result" ? held.attemptId : null,
    operation_id: held.kind === "operation_update" ? held.update.operationId : null,
    kind: held.kind,
    payload: held,
    held_at: heldAt,
  };
}
