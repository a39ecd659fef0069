import { describe, expect, test } from "vitest";
import { cipResultCommand } from "../../consumers/cip-results/to-command.ts";
import { type Derived, derivedMessage, publishDerived } from "../../consumers/publish-commands.ts";
import { BrokerAway } from "../../messaging/publish-errors.ts";
import type { OutgoingMessage } from "../../messaging/publisher.ts";
import { SchemaViolation } from "../../messaging/schema-errors.ts";

const park = { kind: "park", reason: "X", detail: "x" } as const;

describe("publishDerived", () => {
  test("commands go out together and in order; what is parked already is left out", async () => {
    const { publisher, calls } = recorder();
    const outcomes = await publishDerived(publisher, [derived("a"), park, derived("b")]);
    expect(outcomes).toEqual([{ kind: "done" }, park, { kind: "done" }]);
    expect(calls).toEqual([["a", "b"]]);
  });

  test("a command that does not fit the contract is parked alone", async () => {
    const { publisher, calls } = recorder((ids) => {
      if (ids.includes("bad")) throw new SchemaViolation("It does not fit", []);
    });
    const outcomes = await publishDerived(publisher, [derived("a"), derived("bad"), derived("b")]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["done", "park", "done"]);
    expect(outcomes[1]).toMatchObject({ reason: "COMMAND_REFUSED", detail: "It does not fit" });
    expect(calls).toEqual([["a", "bad", "b"], ["a"], ["bad"], ["b"]]);
  });

  test("while Kafka is away nothing is called done", async () => {
    const { publisher } = recorder(() => {
      throw new BrokerAway();
    });
    await expect(publishDerived(publisher, [derived("a"), park])).rejects.toBeInstanceOf(BrokerAway);
  });
});

test("a command travels under its user's key, with its cause and its trace", () => {
  const traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
  const message = derivedMessage({ ...derived("user-1"), causationId: "their-id", traceparent });
  expect(message).toMatchObject({
    topic: "userCommands",
    key: "acme/test/user-1",
    headers: { type: "ApplyCipResult", causationId: "their-id", occurredAt: "2026-01-31T09:30:00.000Z" },
  });
  expect(message.headers?.["traceparent"]).toMatch(/^00-0123456789abcdef0123456789abcdef-[0-9a-f]{16}-01$/);
  expect(message.headers?.["messageId"]).toBe((message.value as { commandId: string }).commandId);
});

function derived(referenceId: string): Extract<Derived, { kind: "command" }> {
  const made = cipResultCommand(
    {
      ...{ topic: "t", partition: 0, offset: 0n, timestamp: "0", key: null, headers: {} },
      value: {
        ...{ partner: "acme", environment: "test", referenceId },
        ...{ provider: "p", providerEventId: "e", outcome: "verified", occurredAt: "2026-01-31T09:30:00.000Z" },
      },
    },
    new Map(),
    "2026-01-31T09:30:00.000Z",
  );
  if (made.kind !== "command") throw new Error(made.detail);
  return made;
}

function recorder(fail: (referenceIds: readonly string[]) => void = () => undefined) {
  const calls: string[][] = [];
  const publishAll = async (messages: readonly OutgoingMessage[]) => {
    const ids = messages.map(({ value }) => (value as { referenceId: string }).referenceId);
    calls.push(ids);
    fail(ids);
  };
  return { publisher: { publishAll }, calls };
}
