import { createRequire } from "node:module";
import { encodeRecord } from "./encode-record.ts";

/** Where kafkajs 2.2.4 makes the bytes of a record. It is asked for when the first produce request is made. */
export const RECORD_MODULE = "kafkajs/src/protocol/recordBatch/record/v0/index.js";

const require = createRequire(import.meta.url);

/**
 * Lets the producers of this process encode records with encodeRecord; those that have produced before keep what they have.
 * kafkajs's own way took more processor time than deciding a command (docs/decisions/0061).
 */
export function encodeRecordsFast(): void {
  require(RECORD_MODULE);
  const loaded = require.cache[require.resolve(RECORD_MODULE)];
  if (loaded !== undefined) loaded.exports = encodeRecord;
}
