import { createRequire } from "node:module";
import { systemClock } from "../runtime/clock.ts";
import { encodeProduce, type ProduceRequest } from "./encode-produce.ts";

/** Where kafkajs 2.2.4 makes its produce requests; it asks for the module when a producer first sends. */
export const PRODUCE_MODULE = "kafkajs/src/protocol/requests/produce/v3/request.js";
const CHECKSUM_MODULE = "kafkajs/src/protocol/recordBatch/crc32C/index.js";

const require = createRequire(import.meta.url);

interface GivenRequest extends ProduceRequest {
  readonly compression?: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
}

type MakeRequest = (given: GivenRequest) => object;

/**
 * Lets the producers of this process encode their requests with encodeProduce; those that have sent before keep what they
 * have. What encodeProduce does not do, a compressed or a transactional request, is made as before. kafkajs's own encoding
 * took more of the users consumer's time than its decisions (docs/decisions/0061).
 */
export function encodeRequestsFast(): void {
  const original: MakeRequest = require(PRODUCE_MODULE);
  const loaded = require.cache[require.resolve(PRODUCE_MODULE)];
  if (loaded === undefined || FASTER.has(original)) return;
  const checksum: (bytes: Buffer) => number = require(CHECKSUM_MODULE);
  const faster: MakeRequest = (given) => {
    const request = original(given);
    if (!isPlain(given)) return request;
    return { ...request, encode: async () => encodeProduce(given, { now: systemClock(), checksum }) };
  };
  FASTER.add(faster);
  loaded.exports = faster;
}

const FASTER = new WeakSet<MakeRequest>();
const NO_PRODUCER_ID = -1;

function isPlain({ compression = 0, transactionalId = null, producerId, topicData }: GivenRequest): boolean {
  const isOrdinary = compression === 0 && transactionalId === null && producerId === NO_PRODUCER_ID;
  const hasTimes = topicData.some(({ partitions }) =>
    partitions.some(({ messages }) => messages.some((message) => "timestamp" in message)),
  );
  return isOrdinary && !hasTimes;
}
