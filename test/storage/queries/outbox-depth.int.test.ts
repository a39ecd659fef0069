import { expect, test } from "vitest";
import { countUnpublished } from "../../../storage/queries/outbox-depth.ts";
import { runSql } from "../../../storage/sql.ts";
import { beginProgress, movePublishedThrough } from "../../../storage/user-store/progress.ts";
import { useDatabase } from "../../support/database.ts";

const { em } = useDatabase();
const TOPIC = "user-commands";

test("what is committed and not published is counted, in one's own partitions only", async () => {
  for (const partition of [0, 1, 2]) {
    await beginProgress(em(), { topic: TOPIC, partition, clusterId: "cluster-1", nextOffset: 0n });
    await beginProgress(em(), { topic: "another", partition, clusterId: "cluster-1", nextOffset: 0n });
    await runSql(
      em(),
      `insert into outbox (source_partition, topic, kind, message_key, reference, created_at)
       select $1, 'cipRequests', 'cip_request', 'key', 'cip_1', now() from generate_series(1, 5)`,
      [partition],
    );
  }
  expect(await countUnpublished(em(), TOPIC, [0, 1])).toBe(10);
  await movePublishedThrough(em(), TOPIC, new Map([[1, 8n]]));
  expect(await countUnpublished(em(), TOPIC, [0, 1])).toBe(7);
  expect(await countUnpublished(em(), TOPIC, [])).toBe(0);
});
