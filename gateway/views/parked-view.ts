import type { ParkedMessage } from "../../storage/configuration/parked-messages.ts";

/** A parked message without its bytes, which may hold what a person told us. */
export function parkedView({ rawBase64, topic, partition, offset, key, ...message }: ParkedMessage) {
  return { ...message, original: { topic, partition, offset, key }, hasBytes: rawBase64 !== null };
}
