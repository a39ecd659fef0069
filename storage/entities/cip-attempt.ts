import { defineEntity, p } from "@mikro-orm/postgresql";
import { CIP_ATTEMPT_KINDS, CIP_OUTCOMES, type CipAttempt } from "../../domain/cip/attempt.ts";
import { addressColumns, foreignJsonColumn, timeColumn } from "./columns.ts";
import { LinkEntity } from "./link.ts";
import { UserEntity } from "./user.ts";

/** One try of the identity check with its frozen evidence; at most one open per user. */
export const CipAttemptEntity = defineEntity({
  name: "CipAttempt",
  tableName: "cip_attempts",
  properties: {
    attemptId: p.text().primary(),
    userId: p.manyToOne(UserEntity).mapToPk().name("user_id"),
    ...addressColumns(),
    /** Null for a check that a change of data began (B5). */
    linkId: p.manyToOne(LinkEntity).mapToPk().name("link_id").nullable().deleteRule("no action"),
    kind: p.enum(CIP_ATTEMPT_KINDS).default("automatic"),
    number: p.integer(),
    status: p.enum(["open", ...CIP_OUTCOMES] as const),
    policy: p.text(),
    evidence: p.json<CipAttempt["evidence"]>(),
    evidenceValues: foreignJsonColumn<CipAttempt["evidenceValues"]>(),
    notApplicable: p.json<CipAttempt["notApplicable"]>(),
    revision: p.bigint("bigint").nullable(),
    failure: p.json<NonNullable<CipAttempt["failure"]>>().nullable(),
    isFinal: p.boolean(),
    /** What the provider read from documents (A10). */
    verifiedOutputs: foreignJsonColumn<NonNullable<CipAttempt["verifiedOutputs"]>>().nullable(),
    results: foreignJsonColumn<CipAttempt["results"]>(),
    createdAt: timeColumn(),
    closedAt: timeColumn().nullable(),
  },
  uniques: [
    { name: "cip_attempts_number_per_user", properties: ["userId", "number"] },
    { name: "cip_attempts_one_open_per_user", properties: ["userId"], where: "status = 'open'" },
  ],
  indexes: [
    { name: "cip_attempts_by_link", properties: ["linkId"] },
    {
      name: "cip_attempts_in_review",
      properties: ["partner", "userId"],
      where: "status = 'open' and kind = 'review'",
    },
  ],
  checks: [
    { name: "cip_attempts_number_positive", expression: "number >= 1" },
    { name: "cip_attempts_closed_at", expression: "(status = 'open') = (closed_at is null)" },
  ],
});
