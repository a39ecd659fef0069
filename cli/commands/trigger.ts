import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { TEST_EVENT_TYPE, WEBHOOK_EVENT_TYPES } from "../../domain/webhook/catalogue.ts";
import { deliveryHeaders } from "../../domain/webhook/delivery-headers.ts";
import type { CommandGroup, Invocation, Outcome } from "../command.ts";
import { wrongUse } from "../command-failed.ts";
import { forward } from "../listen/forward.ts";
import { textRecord } from "../text-table.ts";

const EXAMPLES = new URL("../../schemas/examples/webhooks/", import.meta.url);
const SECRET_FORM = /^whsec_[A-Za-z0-9+/]{43}=$/;

export const triggerGroup: CommandGroup = {
  word: "trigger",
  sentence: "Send an example of an event to what you develop, signed as a real one.",
  commands: [
    {
      path: ["trigger"],
      sentence:
        "Send an example of an event to what you develop, signed as a real one; no system has to run. The example is " +
        "the documented one, with an id and a time of its own.",
      arguments: [{ name: "event", oneOf: [...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE], sentence: "Which event." }],
      flags: [
        {
          name: "forward-to",
          placeholder: "URL",
          isRequired: true,
          sentence: "Where what you develop takes webhooks.",
        },
        {
          name: "secret",
          placeholder: "TEXT",
          sentence: "What signs it, whsec_…; one is made and shown when left out.",
        },
      ],
      settings: [],
      examples: ["m2m trigger user.data_request --forward-to http://127.0.0.1:3000/webhooks"],
      run: trigger,
    },
  ],
};

async function trigger({ argument, flag, clock }: Invocation): Promise<Outcome> {
  const target = URL.parse(flag("forward-to") ?? "");
  if (target === null || !["http:", "https:"].includes(target.protocol)) {
    throw wrongUse("--forward-to must be an http or https URL", "As --forward-to http://127.0.0.1:3000/webhooks");
  }
  const secret = flag("secret") ?? `whsec_${randomBytes(32).toString("base64")}`;
  if (!SECRET_FORM.test(secret)) throw wrongUse("--secret must be whsec_ and 32 bytes in base64");
  const eventType = argument("event");
  const example = await exampleOf(eventType);
  const nowMs = clock();
  const id = `evt_example_${randomBytes(6).toString("hex")}`;
  const body = JSON.stringify({ ...example, id, timestamp: new Date(nowMs).toISOString() });
  const timestampSeconds = Math.floor(nowMs / 1_000);
  const sequence = Number(example["sequence"] ?? 0);
  const facts = { id, eventType, timestampSeconds, body, number: 1, sequence, traceparent: null };
  const headers = deliveryHeaders({ ...facts, secrets: [secret] });
  const { status, reason } = await forward(target.href, { headers, body });
  const isReceived = status !== null && status >= 200 && status <= 299;
  const document = { event: eventType, id, target: target.href, status, reason, isReceived, secret };
  return { document, text: textRecord(document), exitCode: isReceived ? 0 : status === null ? 3 : 1 };
}

/** The first documented example of an event. */
async function exampleOf(event: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(new URL(`${event}.json`, EXAMPLES), "utf8");
  const { valid } = JSON.parse(text) as { readonly valid: readonly { readonly value: Record<string, unknown> }[] };
  return valid[0]?.value ?? {};
}
