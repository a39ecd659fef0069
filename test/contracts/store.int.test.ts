import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { runSql } from "../../storage/sql.ts";
import { readOutbox } from "../../storage/user-store/outbox.ts";
import { beginProgress, movePublishedThrough, readProgress } from "../../storage/user-store/progress.ts";
import { freshDatabase } from "../support/database.ts";
import { addPartner, postgresStore } from "./postgres-store.ts";
import { historyInPostgres, recordInPostgres, refusalsInPostgres } from "./postgres-users.ts";
import { describeUserStore } from "./store.ts";
import { CLUSTER, type StoreStage, TOPIC } from "./store-stage.ts";

describeUserStore({
  open: async () => {
    const { database, drop } = await freshDatabase();
    const { em } = database;
    await addPartner(database, "acme");
    await runSql(em(), COMMITS_THAT_FAIL, []);
    const clock = manualClock(Date.parse("2026-03-01T10:00:00.000Z"));
    let partitions = 0;
    const stage: StoreStage = {
      clock,
      store: postgresStore(database, clock.now, newId),
      secondOwner: postgresStore(database, clock.now, newId),
      newPartition: async () => {
        partitions += 1;
        await beginProgress(em(), { topic: TOPIC, partition: partitions, clusterId: CLUSTER, nextOffset: 0n });
        return partitions;
      },
      progressOf: (partition) => readProgress(em(), TOPIC, partition),
      readOutbox: (behind) => readOutbox(em(), behind),
      movePublishedThrough: async (partition, outboxId) => {
        await movePublishedThrough(em(), TOPIC, new Map([[partition, outboxId]]));
      },
      recordOf: (address) => recordInPostgres(em(), address),
      historyOf: (address) => historyInPostgres(em(), address),
      refusalsOf: (address) => refusalsInPostgres(em(), address),
      whileCommitsFail: async (work) => {
        await runSql(em(), "alter table outbox enable trigger fails_at_commit", []);
        await work();
        await runSql(em(), "alter table outbox disable trigger fails_at_commit", []);
      },
    };
    return { stage, close: drop };
  },
});

/** Looked at by Postgres when the transaction commits, after every statement of it has succeeded. */
const COMMITS_THAT_FAIL = `do $do$ begin
  create function fail_at_commit() returns trigger language plpgsql as
    $fn$ begin raise exception 'the commit fails'; end $fn$;
  create constraint trigger fails_at_commit after insert on outbox deferrable initially deferred
    for each row execute function fail_at_commit();
  alter table outbox disable trigger fails_at_commit;
end $do$`;
