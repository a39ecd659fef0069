/** The seed and the multiplier of Kafka's murmur2. */
const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const WORD_BYTES = 4;

/**
 * The partition, counted from 0, of a key among `partitions` of them: murmur2 as Java's clients and kafkajs compute it, whose
 * own version takes a bigint for every step.
 */
export function partitionOfKey(key: Buffer | string, partitions: number): number {
  return (murmur2(typeof key === "string" ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}

function murmur2(bytes: Buffer): number {
  const whole = bytes.length - (bytes.length % WORD_BYTES);
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < whole; at += WORD_BYTES) hash = Math.imul(hash, MULTIPLIER) ^ mixed(bytes.readInt32LE(at));
  if (whole < bytes.length) hash = Math.imul(hash ^ bytes.readUIntLE(whole, bytes.length - whole), MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function mixed(word: number): number {
  const once = Math.imul(word, MULTIPLIER);
  return Math.imul(once ^ (once >>> 24), MULTIPLIER);
}
