import type { Progress } from "../../storage/user-store/progress.ts";

/** What Kafka says of a partition: the oldest offset it still has, and the one that the next message will get. */
export interface PartitionOffsets {
  readonly low: bigint;
  readonly high: bigint;
}

export interface AdmissionSettings {
  readonly clusterId: () => Promise<string>;
  readonly offsets: () => Promise<ReadonlyMap<number, PartitionOffsets>>;
  readonly readProgress: (partition: number) => Promise<Progress | null>;
  readonly beginProgress: (start: { partition: number; clusterId: string; nextOffset: bigint }) => Promise<void>;
}

/** Whether a partition may be worked on, and from which offset; or the sentence that says why not and what to do. */
export type Admission =
  | { readonly kind: "admitted"; readonly clusterId: string; readonly nextOffset: bigint }
  | { readonly kind: "stopped"; readonly reason: string };

/**
 * Compares what Postgres says was applied with what Kafka still has, before anything of a partition is applied. Where
 * the two cannot belong together the partition is not touched: skipping or applying twice would be worse than waiting
 * for a person. Throws when Kafka or Postgres cannot be asked.
 */
export async function admit(partition: number, settings: AdmissionSettings): Promise<Admission> {
  const clusterId = await settings.clusterId();
  const offsets = (await settings.offsets()).get(partition);
  if (offsets === undefined) return { kind: "stopped", reason: `Kafka does not know partition ${partition}` };
  const progress = await settings.readProgress(partition);
  if (progress === null) {
    await settings.beginProgress({ partition, clusterId, nextOffset: offsets.low });
    return { kind: "admitted", clusterId, nextOffset: offsets.low };
  }
  const reason = mismatch(progress, offsets, clusterId);
  return reason === null
    ? { kind: "admitted", clusterId, nextOffset: progress.nextOffset }
    : { kind: "stopped", reason: `${reason} ${WAY_OUT}` };
}

function mismatch(
  { clusterId: known, nextOffset }: Progress,
  { low, high }: PartitionOffsets,
  clusterId: string,
): string | null {
  if (known !== clusterId) return `Postgres was last written from Kafka cluster ${known}, but this is ${clusterId}.`;
  if (high < nextOffset) {
    return `Commands up to offset ${nextOffset} were applied, but the topic ends at ${high}: it was made anew or lost messages.`;
  }
  if (low > nextOffset) {
    return `The next command to apply is at offset ${nextOffset}, but the topic begins at ${low}: messages were deleted unread.`;
  }
  return null;
}

const WAY_OUT = "See docs/operations.md, section “When a partition stops”.";
