import { expect, test } from "vitest";
import { chosenConsumers } from "../../../consumers/wiring/consumers.ts";

const ENABLED = { enableSandbox: true };
const DISABLED = { enableSandbox: false };
const EVERY = ["users", "cip-results", "operation-updates", "timers", "webhooks", "parked"];

test("without names every consumer starts, the sandbox only where it is enabled", () => {
  expect(chosenConsumers([], DISABLED)).toEqual(EVERY);
  expect(chosenConsumers([], ENABLED)).toContain("sandbox");
});

test("each consumer can run in a process of its own", () => {
  expect(chosenConsumers(["timers"], DISABLED)).toEqual(["timers"]);
  expect(chosenConsumers(["webhooks", "users"], DISABLED)).toEqual(["users", "webhooks"]);
});

test("an unknown name, and the sandbox where it is not enabled, are refused with the way out", () => {
  expect(() => chosenConsumers(["user"], ENABLED)).toThrow(/^Unknown consumer: user\. There are: users, cip-results/);
  expect(() => chosenConsumers(["sandbox"], DISABLED)).toThrow(/ENABLE_SANDBOX/);
});
