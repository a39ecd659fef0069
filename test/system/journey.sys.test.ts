import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { playJourney } from "../../scripts/demo/journey.ts";
import { createStory } from "../../scripts/demo/narrate.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "m2m-journey-"));
  system = await startSystem();
});

afterAll(async () => {
  await system.stop();
  await rm(dir, { recursive: true });
});

test("S13 the three transactions of the seed, to the letter, over HTTP, Kafka and webhooks", async () => {
  const { apiKey } = await system.newPartner();
  const lines: string[] = [];
  const story = createStory((line) => lines.push(line));
  await playJourney({ gatewayUrl: system.gatewayUrl, apiKey, dir, story });
  const transactions = lines.filter((line) => / transaction: /.test(line));
  expect(transactions).toEqual([
    expect.stringContaining("First transaction"),
    expect.stringContaining("Second transaction"),
    expect.stringContaining("Third transaction"),
  ]);
  expect(story.claims()).toBeGreaterThan(40);
});
