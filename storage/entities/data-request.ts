import { defineEntity, p } from "@mikro-orm/postgresql";
import { DATA_REQUEST_STATUSES } from "../../domain/data-request/data-request.ts";
import type { Path } from "../../domain/user/fields.ts";
import { addressColumns, timeColumn } from "./columns.ts";
import { LinkEntity } from "./link.ts";
import { UserEntity } from "./user.ts";

const OPEN = "status in ('open', 'partially_answered')";

/** What a partner was asked for; at most one open per user. */
export const DataRequestEntity = defineEntity({
  name: "DataRequest",
  tableName: "data_requests",
  properties: {
    dataRequestId: p.text().primary(),
    userId: p.manyToOne(UserEntity).mapToPk().name("user_id"),
    ...addressColumns(),
    linkId: p.manyToOne(LinkEntity).mapToPk().name("link_id"),
    status: p.enum(DATA_REQUEST_STATUSES),
    requiredFields: p.json<readonly Path[]>(),
    remainingFields: p.json<readonly Path[]>(),
    createdAt: timeColumn(),
    expiresAt: timeColumn(),
    fulfilledAt: timeColumn().nullable(),
    closedAt: timeColumn().nullable(),
  },
  uniques: [{ name: "data_requests_one_open_per_user", properties: ["userId"], where: OPEN }],
  indexes: [
    { name: "data_requests_by_user", properties: ["userId", "createdAt"] },
    { name: "data_requests_by_link", properties: ["linkId"] },
    {
      name: "data_requests_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "created_at", sort: "desc" },
        { name: "data_request_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "createdAt", "dataRequestId"],
    },
    {
      name: "data_requests_of_reference_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "reference_id" },
        { name: "created_at", sort: "desc" },
        { name: "data_request_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "referenceId", "createdAt", "dataRequestId"],
    },
  ],
  checks: [
    { name: "data_requests_open_times", expression: `not (${OPEN}) or (fulfilled_at is null and closed_at is null)` },
    { name: "data_requests_fulfilled_at", expression: "status <> 'fulfilled' or fulfilled_at is not null" },
  ],
});
