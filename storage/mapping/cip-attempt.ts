import type { CipAttempt } from "../../domain/cip/attempt.ts";
import type { CipAttemptEntity } from "../entities/cip-attempt.ts";
import type { Row } from "../tables.ts";
import { isoTime, isoTimeOrNull } from "./iso-time.ts";
import type { RowOwner } from "./link.ts";

export type CipAttemptRow = Row<typeof CipAttemptEntity>;

/** The attempt in a row of `cip_attempts`. */
export function toAttempt(row: CipAttemptRow): CipAttempt {
  return {
    attemptId: row.attempt_id,
    kind: row.kind,
    linkId: row.link_id,
    number: row.number,
    status: row.status,
    policy: row.policy,
    evidence: row.evidence,
    evidenceValues: row.evidence_values,
    notApplicable: row.not_applicable,
    revision: row.revision === null ? null : Number(row.revision),
    failure: row.failure,
    isFinal: row.is_final,
    verifiedOutputs: row.verified_outputs,
    results: row.results,
    createdAt: isoTime(row.created_at),
    closedAt: isoTimeOrNull(row.closed_at),
  };
}

/** The row of `cip_attempts` for an attempt. */
export function fromAttempt(attempt: CipAttempt, { userId, address }: RowOwner): CipAttemptRow {
  return {
    attempt_id: attempt.attemptId,
    kind: attempt.kind,
    user_id: userId,
    partner: address.partner,
    environment: address.environment,
    reference_id: address.referenceId,
    link_id: attempt.linkId,
    number: attempt.number,
    status: attempt.status,
    policy: attempt.policy,
    evidence: attempt.evidence,
    evidence_values: attempt.evidenceValues,
    not_applicable: attempt.notApplicable,
    revision: attempt.revision === null ? null : String(attempt.revision),
    failure: attempt.failure,
    is_final: attempt.isFinal,
    verified_outputs: attempt.verifiedOutputs,
    results: attempt.results,
    created_at: attempt.createdAt,
    closed_at: attempt.closedAt,
  };
}
