import { expect, test } from "vitest";
import { createPartner } from "../../../storage/configuration/partners.ts";
import { countOverdue } from "../../../storage/queries/overdue-counts.ts";
import { runSql } from "../../../storage/sql.ts";
import { useDatabase } from "../../support/database.ts";
import { CREATED_AT, storeAttempt, storeLink, storeOperation, storeUser } from "../rows.ts";

const { em } = useDatabase();

const afterMinutes = (minutes: number) => new Date(Date.parse(CREATED_AT) + minutes * 60_000).toISOString();

test("J6 B9 J4 open checks and transfers are overdue from their partner's limit on; what ended is not", async () => {
  await createPartner(em(), { slug: "acme", name: "Acme" }, CREATED_AT);
  const owner = await storeUser(em());
  const { linkId } = await storeLink(em(), owner);
  await storeAttempt(em(), owner, { linkId });
  await storeOperation(em(), owner, { linkId, createdAt: afterMinutes(0) });
  await storeOperation(em(), owner, {
    linkId,
    ...{ status: "completed", completedAt: afterMinutes(1), createdAt: afterMinutes(0), isHeldForReview: true },
  });
  expect(await countOverdue(em(), afterMinutes(59))).toEqual({ cipAttempts: 0, operations: 0, contradictions: 1 });
  expect(await countOverdue(em(), afterMinutes(60))).toEqual({ cipAttempts: 1, operations: 1, contradictions: 1 });
  const patience = JSON.stringify({ operationOverdueMinutes: 90 });
  await runSql(em(), "update partners set settings = $1::jsonb where slug = $2 returning slug", [patience, "acme"]);
  expect(await countOverdue(em(), afterMinutes(60))).toEqual({ cipAttempts: 1, operations: 0, contradictions: 1 });
});
