import { addressKey } from "../../domain/user/address-key.ts";
import { createCodec } from "../../messaging/codec.ts";
import { createKafka } from "../../messaging/kafka.ts";
import { createPublisher, type OutgoingMessage } from "../../messaging/publisher.ts";
import { derivedCommandId } from "../../runtime/ids.ts";
import { createLog } from "../../runtime/log.ts";
import type { BenchSystem } from "../system.ts";
import { PARTNER } from "../system.ts";

/** Whose topics they are. */
type Addressed = Pick<BenchSystem, "environment">;

const BLOCK = 500;
const ACK_TIMEOUT_MS = 60_000;
const DIGITS = 12;

/** Publishes CreateLink commands for new users `PREFIX-0` …, with all that the identity check asks for. */
export async function publishCreates(system: Addressed, prefix: string, count: number): Promise<void> {
  await publishAll(system, count, (index) => createCommand(prefix, index));
}

/** Publishes a positive result for the attempts `cip_bench_<from>` … that `multiplyUsers` has made. */
export async function publishCipResults(system: Addressed, from: number, count: number): Promise<void> {
  await publishAll(system, count, (index) => {
    const number = from + index;
    const value = {
      attemptId: `cip_${PARTNER}_${idDigits(number)}`,
      provider: "bench",
      providerEventId: `result-${number}`,
      outcome: "verified",
      occurredAt: new Date().toISOString(),
    };
    const headers = { messageId: value.providerEventId, type: "cip.result", occurredAt: value.occurredAt };
    return { topic: "cipResults", key: value.attemptId, value, headers };
  });
}

/** The last part of an id, made of a number. */
export function idDigits(number: number): string {
  return String(number).padStart(DIGITS, "0");
}

async function publishAll(
  { environment }: Addressed,
  count: number,
  messageOf: (index: number) => OutgoingMessage,
): Promise<void> {
  const log = createLog({ level: "silent", component: "bench" });
  const prefix = environment["TOPIC_PREFIX"] ?? "";
  const publisher = createPublisher({
    kafka: createKafka({ brokers: (environment["KAFKA_BROKERS"] ?? "").split(","), clientId: "bench-preload", log }),
    codec: createCodec({ registryUrl: environment["SCHEMA_REGISTRY_URL"] ?? "", prefix }),
    ...{ prefix, ackTimeoutMs: ACK_TIMEOUT_MS, log },
  });
  await publisher.start();
  for (let from = 0; from < count; from += BLOCK) {
    const size = Math.min(BLOCK, count - from);
    await publisher.publishAll(Array.from({ length: size }, (_, index) => messageOf(from + index)));
  }
  await publisher.stop();
}

function createCommand(prefix: string, index: number): OutgoingMessage {
  const number = String(index).padStart(9, "0");
  const issuedAt = new Date().toISOString();
  const value = {
    ...{ partner: PARTNER, environment: "test" as const, referenceId: `${prefix}-${index}` },
    commandId: derivedCommandId(PARTNER, prefix, index),
    type: "CreateLink",
    actor: { kind: "partner", id: `key_${PARTNER}_aaaaaaaaaaaa` },
    ...{ issuedAt, replyTo: null },
    values: {
      ...{ "name.firstName": "Juana", "name.secondName": "Maria", "name.lastName": "Garcia" },
      ...{ "name.secondLastName": "Lopez", idNumber: `GALJ${number}`, dob: "1990-05-17" },
      paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: `012345678${number}` } },
    },
    payload: {
      ...{ flow: "m2m-basic", theme: null, language: null, callbackUrl: null, redirectUrl: null },
      ...{ expiredRedirectUrl: null, metadata: null, expiresInMinutes: null, onActive: "error" },
      userData: { paths: PATHS, notApplicable: [], empty: [] },
    },
  };
  const headers = { messageId: value.commandId, type: value.type, occurredAt: issuedAt };
  return { topic: "userCommands", key: addressKey(value), value, headers };
}

const PATHS = [
  ...["name.firstName", "name.secondName", "name.lastName", "name.secondLastName"],
  ...["idNumber", "dob", "paymentMethod"],
];
