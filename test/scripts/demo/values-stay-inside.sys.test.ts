import { afterAll, beforeAll, expect, test } from "vitest";
import { playJourney } from "../../../scripts/demo/journey.ts";
import { createStory } from "../../../scripts/demo/narrate.ts";
import { runSql } from "../../../storage/sql.ts";
import { type System, startSystem } from "../../support/system.ts";

/** What the journey tells of its user. */
const VALUES = ["Juan", "Garcia", "Carlos", "GALO900515", "1990-05-15", "012345678901234567", "098765432109876543"];

let system: System;

beforeAll(async () => {
  system = await startSystem({ environment: { LOG_LEVEL: "trace" } });
  const { apiKey } = await system.newPartner();
  await playJourney({ gatewayUrl: system.gatewayUrl, apiKey, story: createStory(() => undefined) });
}, 180_000);

afterAll(() => system.stop());

test("P10 H3 no value of a person stands in m2m.user-events", async () => {
  const kafka = await system.connectKafka();
  const sequences = 33;
  const events = await kafka.read("userEvents", (found) => found.length >= sequences);
  await kafka.stop();
  expect(valuesIn(events.map(({ value }) => value?.toString("utf8")).join("\n"))).toEqual([]);
});

test("P10 no value of a person stands in a log, at any level", () => {
  const logs = system.gateway.output() + system.consumers().output();
  expect(logs).toContain('"level":"');
  expect(valuesIn(logs)).toEqual([]);
});

test.each([
  ["webhook bodies", "select body as text from webhook_deliveries"],
  ["decisions", "select answer::text as text from decisions"],
  ["the public part of the history", "select data::text as text from user_history"],
  ["the outbox", "select outbox::text as text from outbox"],
])("P10 no value of a person stands in %s", async (_, sql) => {
  const rows = await runSql<{ text: string }>(system.database.em(), sql, []);
  expect(rows.length).toBeGreaterThan(0);
  expect(valuesIn(rows.map(({ text }) => text).join("\n"))).toEqual([]);
});

function valuesIn(text: string): readonly string[] {
  return VALUES.filter((value) => text.includes(value));
}
