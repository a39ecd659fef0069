import { describe, expect, test } from "vitest";
import { type OperationUpdateArrival, operationUpdateCommand } from "../../consumers/operation-updates/to-command.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { OperationUpdateMessage } from "../../schemas/generated.ts";

const OPERATION = "op_acme_abcdefghijkl";
const ADDRESS: UserAddress = { partner: "acme", environment: "test", referenceId: "user-1" };
const KNOWN = new Map([[OPERATION, ADDRESS]]);
const NOW = "2026-01-31T09:30:00.000Z";

describe("operationUpdateCommand", () => {
  test("an update of a known operation becomes a command for its user", () => {
    const derived = operationUpdateCommand(arrival({ status: "failed", failureReason: "no such account" }), KNOWN, NOW);
    expect(derived).toMatchObject({
      kind: "command",
      command: {
        type: "ApplyOperationUpdate",
        ...ADDRESS,
        actor: { kind: "payments", id: "provider" },
        payload: {
          operationId: OPERATION,
          provider: "provider",
          providerEventId: "event-1",
          status: "failed",
          amount: null,
          failureReason: "no such account",
          occurredAt: NOW,
        },
      },
    });
  });

  test.each([
    [17.05, "17.05"],
    ["60.50", "60.50"],
    ["0060.5", "60.5"],
    [100, "100"],
    [0.0000001, "0.0000001"],
    [1.5e-7, "0.00000015"],
    [999_999_999_999_999, "999999999999999"],
  ])("J3 an amount is carried exactly: %o", (rate, text) => {
    const derived = operationUpdateCommand(arrival({ amount: { rate } }), KNOWN, NOW);
    expect(derived).toMatchObject({ command: { payload: { amount: { rate: text } } } });
  });

  test.each([1e21, 1e-9, 1.5e-20, 5e-324, 1_000_000_000_000_000])(
    "an amount that no decimal of ours holds is parked: %o",
    (fee) => {
      const derived = operationUpdateCommand(arrival({ amount: { fee } }), KNOWN, NOW);
      expect(derived).toMatchObject({ kind: "park", reason: "AMOUNT_OUT_OF_RANGE" });
    },
  );

  test("what providers add to an amount stays outside", () => {
    const derived = operationUpdateCommand(arrival({ amount: { send: "1.00", tax: 3 } }), KNOWN, NOW);
    expect(derived.kind === "command" && derived.command.payload).toMatchObject({ amount: { send: "1.00" } });
    expect(JSON.stringify(derived)).not.toContain("tax");
  });

  test("an operation that nobody knows yet goes to an address made of its id; one that cannot be ours is parked", () => {
    expect(operationUpdateCommand(arrival(), new Map(), NOW)).toMatchObject({
      command: { partner: "acme", environment: "live", referenceId: OPERATION },
    });
    const foreign = arrival({ operationId: "cip_acme_abcdefghijkl" });
    expect(operationUpdateCommand(foreign, new Map(), NOW)).toMatchObject({
      kind: "park",
      reason: "UNKNOWN_OPERATION",
    });
  });
});

function arrival(change: Partial<OperationUpdateMessage> = {}): OperationUpdateArrival {
  const value: OperationUpdateMessage = {
    operationId: OPERATION,
    provider: "provider",
    providerEventId: "event-1",
    status: "completed",
    occurredAt: NOW,
    ...change,
  };
  const place = { topic: "m2m.operation-updates", partition: 3, offset: 17n, timestamp: "1769850000000" };
  return { ...place, key: null, headers: {}, value };
}
