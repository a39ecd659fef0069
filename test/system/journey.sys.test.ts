import { afterAll, beforeAll, expect, test } from "vitest";
import { playJourney } from "../../scripts/demo/journey.ts";
import { createStory } from "../../scripts/demo/narrate.ts";
import { call } from "../support/call.ts";
import { BASIC_DATA } from "../support/domain-commands.ts";
import { type System, startSystem } from "../support/system.ts";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";

let system: System;

beforeAll(async () => {
  system = await startSystem();
});

afterAll(() => system.stop());

test("S13 the three transactions of the seed, to the letter, over HTTP, Kafka and webhooks", async () => {
  const { apiKey } = await system.newPartner();
  const lines: string[] = [];
  const story = createStory((line) => lines.push(line));
  await playJourney({ gatewayUrl: system.gatewayUrl, apiKey, story });
  const transactions = lines.filter((line) => / transaction: /.test(line));
  expect(transactions).toEqual([
    expect.stringContaining("First transaction"),
    expect.stringContaining("Second transaction"),
    expect.stringContaining("Third transaction"),
  ]);
  expect(story.claims()).toBeGreaterThan(40);
});

test("bar 15 a call's trace leads through Kafka, the identity check and back to the webhooks that it causes", async () => {
  const { apiKey } = await system.newPartner();
  const receiver = await startWebhookReceiver();
  try {
    const traced = (path: string, key: string, body: unknown, trace: string) =>
      call(system.gatewayUrl, {
        ...{ method: "POST", path, key, body },
        headers: { traceparent: `00-${trace.repeat(32)}-00f067aa0ba902b7-01` },
      });
    await traced("/partner/webhook-endpoints", apiKey, { url: receiver.url }, "1");
    const link = { referenceId: "traced", userData: BASIC_DATA };
    const { linkId, token } = (await traced("/partner/links", apiKey, link, "2")).body.data;
    await traced(`/widget/links/${linkId}/open`, token, {}, "3");
    await traced(`/widget/links/${linkId}/cip`, token, {}, "4");
    const tracesOf = (event: string) =>
      receiver.received
        .filter(({ headers }) => headers["x-m2m-event"] === event)
        .map(({ headers }) => headers["traceparent"]?.split("-")[1]);
    await receiver.until(() => tracesOf("user.cip_verified").length > 0 && tracesOf("link.opened").length > 0);
    await receiver.until(() => tracesOf("link.created").length > 0);
    expect(tracesOf("link.created")).toEqual(["2".repeat(32)]);
    expect(tracesOf("link.opened")).toEqual(["3".repeat(32)]);
    expect(tracesOf("user.cip_verified")).toEqual(["4".repeat(32)]);
  } finally {
    await receiver.stop();
  }
});
