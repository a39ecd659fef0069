import { randomUUID } from "node:crypto";
import type { OperationItem } from "../../schemas/generated.ts";
import type { CommandGroup, Invocation, Outcome } from "../command.ts";
import { textRecord } from "../text-table.ts";

const OPERATION = { name: "operationId", sentence: "The transfer's id." };
const AMOUNTS = ["send", "receive", "rate", "fee"] as const;

export const operationsGroup: CommandGroup = {
  word: "operations",
  sentence: "See a transfer, say what the payment system would say, or how it ended when that is silent.",
  commands: [
    {
      path: ["operations", "show"],
      sentence: "One transfer.",
      arguments: [OPERATION],
      flags: [],
      settings: ["url", "key"],
      examples: ["m2m operations show op_acme_k3v9x2m4p7q1"],
      run: showOperation,
    },
    {
      path: ["operations", "publish"],
      sentence: "Publish the progress of a transfer to Kafka, as the payment system does.",
      arguments: [OPERATION],
      flags: [
        {
          ...{ name: "status", placeholder: "STATUS", isRequired: true },
          oneOf: ["processing", "completed", "failed", "cancelled"],
          sentence: "What became of it.",
        },
        { name: "failure-reason", placeholder: "TEXT", sentence: "Why it failed." },
        ...AMOUNTS.map((name) => ({ name, placeholder: "DECIMAL", sentence: `The ${name} as corrected, like 60.50.` })),
        { name: "provider", placeholder: "NAME", sentence: "Who says so; m2m-cli when left out." },
        { name: "event-id", placeholder: "ID", sentence: "The provider's id of this message; the same counts once." },
      ],
      settings: ["brokers", "registryUrl", "topicPrefix"],
      examples: ["m2m operations publish op_acme_k3v9x2m4p7q1 --status completed"],
      run: publishUpdate,
    },
    {
      path: ["operations", "resolve"],
      sentence: "Say how a transfer ended of which the payment system says nothing.",
      arguments: [OPERATION],
      flags: [
        {
          ...{ name: "status", placeholder: "STATUS", isRequired: true, oneOf: ["completed", "failed", "cancelled"] },
          sentence: "How it ended.",
        },
        { name: "reason", placeholder: "TEXT", isRequired: true, sentence: "How you know, for the history." },
      ],
      settings: ["url", "adminKey", "operator"],
      examples: ['m2m operations resolve op_acme_k3v9x2m4p7q1 --status completed --reason "confirmed by phone"'],
      run: resolveOperation,
    },
  ],
};

async function showOperation({ argument, gateway }: Invocation): Promise<Outcome> {
  const path = `/partner/operations/${encodeURIComponent(argument("operationId"))}`;
  return shown(await gateway.call<OperationItem>({ as: "partner", method: "GET", path }));
}

async function resolveOperation({ argument, flag, gateway }: Invocation): Promise<Outcome> {
  const path = `/admin/operations/${encodeURIComponent(argument("operationId"))}/resolve`;
  const body = { status: flag("status"), reason: flag("reason") };
  return shown(await gateway.call<OperationItem>({ as: "admin", method: "POST", path, body }));
}

async function publishUpdate({ argument, flag, settings, clock }: Invocation): Promise<Outcome> {
  const occurredAt = new Date(clock()).toISOString();
  const [provider, providerEventId] = [flag("provider") ?? "m2m-cli", flag("event-id") ?? randomUUID()];
  const corrected = AMOUNTS.flatMap((name) => {
    const amount = flag(name);
    return amount === undefined ? [] : [[name, amount] as const];
  });
  const [operationId, status, failureReason] = [argument("operationId"), flag("status"), flag("failure-reason")];
  const value = {
    ...{ operationId, provider, providerEventId, status, occurredAt },
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(corrected.length === 0 ? {} : { amount: Object.fromEntries(corrected) }),
  };
  const { publishMessage } = await import("../publish-message.ts");
  const messageId = `${provider}/${providerEventId}`;
  const message = { topic: "operationUpdates", key: operationId, value, occurredAt, messageId } as const;
  const topic = await publishMessage(settings, message);
  return {
    document: { topic, message: value },
    text: textRecord({ published: topic, operationId, status, providerEventId }),
  };
}

function shown(operation: OperationItem): Outcome {
  return { document: operation, text: textRecord({ ...operation }) };
}
