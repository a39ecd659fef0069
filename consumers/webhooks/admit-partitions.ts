import type { Admin } from "kafkajs";
import type { Database } from "../../storage/orm.ts";
import { beginProgress, readProgress } from "../../storage/user-store/progress.ts";
import { type Admission, admit, type PartitionOffsets } from "../users/admission.ts";

export interface AdmitSettings {
  /** As Kafka has it. */
  readonly topic: string;
  readonly admin: Pick<Admin, "describeCluster" | "fetchTopicOffsets">;
  readonly database: Pick<Database, "em">;
}

/**
 * Whether newly assigned partitions may be worked on, and from which offset: what Postgres says was kept against what
 * Kafka still has. Kafka is asked twice, however many partitions there are. Rejects when it cannot be asked.
 */
export async function admitPartitions(
  partitions: readonly number[],
  { topic, admin, database }: AdmitSettings,
): Promise<ReadonlyMap<number, Admission>> {
  if (partitions.length === 0) return new Map();
  const [{ clusterId }, offsets] = await Promise.all([admin.describeCluster(), offsetsOf(admin, topic)]);
  const admissions = new Map<number, Admission>();
  for (const partition of partitions) {
    const admission = await admit(partition, {
      clusterId: async () => clusterId,
      offsets: async () => offsets,
      readProgress: (at) => readProgress(database.em(), topic, at),
      beginProgress: (start) => beginProgress(database.em(), { topic, ...start }),
    });
    admissions.set(partition, admission);
  }
  return admissions;
}

async function offsetsOf(
  admin: Pick<Admin, "fetchTopicOffsets">,
  topic: string,
): Promise<ReadonlyMap<number, PartitionOffsets>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
}
