import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isWebhookEvent, WEBHOOK_EVENT_TYPES } from "../../../domain/webhook/catalogue.ts";
import { type PublishedEvent, webhookBody } from "../../../domain/webhook/payloads.ts";
import { createValidators } from "../../../schemas/validators.ts";

const file = join(import.meta.dirname, "../../../schemas/examples/messages/user-events.json");
const { valid } = JSON.parse(readFileSync(file, "utf8")) as { valid: { title: string; value: PublishedEvent }[] };
const events = valid.map(({ value }) => value).filter(({ type }) => isWebhookEvent(type));
const validators = createValidators();

test.each(events)("H1 the body of $type fits its published contract", (event) => {
  expect(validators(`webhooks/${event.type}`)(JSON.parse(webhookBody(event)))).toEqual([]);
});

test("every webhook of the catalogue has a contract, and an event that was tried against it", () => {
  for (const type of WEBHOOK_EVENT_TYPES) expect(() => validators(`webhooks/${type}`)).not.toThrow();
  expect([...new Set(events.map(({ type }) => type))].sort()).toEqual([...WEBHOOK_EVENT_TYPES].sort());
});
