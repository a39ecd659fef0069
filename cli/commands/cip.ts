import { randomUUID } from "node:crypto";
import type { CipResultMessage, MeAnswer } from "../../schemas/generated.ts";
import type { CommandGroup, Flag, Invocation, Outcome } from "../command.ts";
import { wrongUse } from "../command-failed.ts";
import { givenInteger, givenJson } from "../given-json.ts";
import { textRecord } from "../text-table.ts";

const PUBLISH_FLAGS: readonly Flag[] = [
  {
    ...{ name: "outcome", placeholder: "OUTCOME", isRequired: true },
    oneOf: ["verified", "failed", "needs_data", "abandoned"],
    sentence: "How the check ended.",
  },
  { name: "attempt", placeholder: "ID", sentence: "The attempt; or name the user with --reference." },
  { name: "reference", placeholder: "ID", sentence: "The user, by the partner's own identifier." },
  { name: "partner", placeholder: "SLUG", sentence: "Whose user; that of the key when left out." },
  {
    ...{ name: "environment", placeholder: "WORLD", oneOf: ["test", "live"] },
    sentence: "That of the key when left out.",
  },
  { name: "reason", placeholder: "CODE", isRepeatable: true, sentence: "Why it was not verified." },
  { name: "retryable", sentence: "The reasons can be mended by another attempt." },
  { name: "final", sentence: "Failed for good." },
  { name: "missing", placeholder: "FIELD", isRepeatable: true, sentence: "With needs_data: what is needed." },
  { name: "revision", placeholder: "NUMBER", sentence: "A higher one corrects what was said before." },
  { name: "verified-outputs", placeholder: "JSON", sentence: "What the provider read, as JSON or @FILE." },
  { name: "provider", placeholder: "NAME", sentence: "Who says so; m2m-cli when left out." },
  { name: "event-id", placeholder: "ID", sentence: "The provider's id of this message; the same one counts once." },
];

export const cipGroup: CommandGroup = {
  word: "cip",
  sentence: "Say what the internal CIP system would say.",
  commands: [
    {
      path: ["cip", "publish"],
      sentence: "Publish the result of an identity check to Kafka, as the CIP system does.",
      arguments: [],
      flags: PUBLISH_FLAGS,
      settings: ["brokers", "registryUrl", "topicPrefix", "url", "key"],
      examples: [
        "m2m cip publish --reference customer-0001 --outcome verified",
        "m2m cip publish --attempt cip_acme_k3v9x2m4p7q1 --outcome failed --reason DOCUMENT_UNREADABLE --retryable",
      ],
      run: publishResult,
    },
  ],
};

async function publishResult(invocation: Invocation): Promise<Outcome> {
  const { settings, clock } = invocation;
  const occurredAt = new Date(clock()).toISOString();
  const value = await resultOf(invocation, occurredAt);
  const { publishMessage } = await import("../publish-message.ts");
  const message = {
    topic: "cipResults",
    key: value.attemptId ?? value.referenceId ?? null,
    value,
    occurredAt,
  } as const;
  const topic = await publishMessage(settings, { ...message, messageId: `${value.provider}/${value.providerEventId}` });
  const { outcome, attemptId, referenceId, providerEventId } = value;
  const text = textRecord({ published: topic, outcome, attemptId, referenceId, providerEventId });
  return { document: { topic, message: value }, text };
}

async function resultOf(invocation: Invocation, occurredAt: string): Promise<CipResultMessage> {
  const { flag, flags, isSet } = invocation;
  const reasons = flags("reason").map((code) => ({ code, retryable: isSet("retryable") }));
  const missingFields = flags("missing");
  const revision = givenInteger("revision", flag("revision"));
  const verifiedOutputs = await givenJson("verified-outputs", flag("verified-outputs"));
  return {
    ...(await addressOf(invocation)),
    provider: flag("provider") ?? "m2m-cli",
    providerEventId: flag("event-id") ?? randomUUID(),
    outcome: flag("outcome"),
    ...(revision === undefined ? {} : { revision }),
    ...(reasons.length === 0 ? {} : { reasons }),
    ...(isSet("final") ? { final: true } : {}),
    ...(missingFields.length === 0 ? {} : { missingFields }),
    ...(verifiedOutputs === undefined ? {} : { verifiedOutputs }),
    occurredAt,
  } as CipResultMessage;
}

/** An attempt, or a user: then partner and environment are those of the key unless they are named. */
async function addressOf({ flag, gateway }: Invocation): Promise<Readonly<Record<string, string>>> {
  const [attemptId, referenceId] = [flag("attempt"), flag("reference")];
  if ((attemptId === undefined) === (referenceId === undefined)) {
    throw wrongUse("Either --attempt or --reference is needed, and not both", "See `m2m cip publish --help`");
  }
  if (attemptId !== undefined) return { attemptId };
  const [partner, environment] = [flag("partner"), flag("environment")];
  if (partner !== undefined && environment !== undefined)
    return { partner, environment, referenceId: referenceId ?? "" };
  const me = await gateway.call<MeAnswer["data"]>({ as: "partner", method: "GET", path: "/partner/me" });
  return { partner: partner ?? me.slug, environment: environment ?? me.environment, referenceId: referenceId ?? "" };
}
