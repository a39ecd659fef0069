import { describe, expect, test } from "vitest";
import { paymentAnswers } from "../../../consumers/sandbox/payments.ts";
import type { OperationRequest } from "../../../schemas/generated.ts";

function request(send: string, changed: Partial<OperationRequest> = {}): OperationRequest {
  return {
    ...{ operationId: "op_acme_000000000001", action: "execute", partner: "acme", environment: "test" },
    ...{ referenceId: "user_12345", userId: "user_acme_000000000001", linkId: "link_acme_000000000001" },
    amount: { send, receive: "1705.00", rate: "17.05", fee: "2.99", currency: { source: "USD", destination: "MXN" } },
    paymentMethod: { type: "card", card: { token: "tok_5f2a" } },
    requestedAt: "2026-03-01T12:00:00.000Z",
    ...changed,
  };
}

const saysOf = (asked: OperationRequest) => paymentAnswers(asked).map(({ facts }) => facts["status"]);

describe("the played payment system", () => {
  test("executes, or fails what ends in .13", () => {
    expect(saysOf(request("60.50"))).toEqual(["processing", "completed"]);
    expect(saysOf(request("60.13"))).toEqual(["processing", "failed"]);
  });

  test("J5 leaves what ends in .77 waiting, and cancels it when asked", () => {
    expect(saysOf(request("60.77"))).toEqual([]);
    expect(saysOf(request("60.77", { action: "cancel" }))).toEqual(["cancelled"]);
  });

  test("J5 does not contradict itself: what is under way is not cancelled any more", () => {
    expect(saysOf(request("60.50", { action: "cancel" }))).toEqual([]);
    expect(saysOf(request("60.13", { action: "cancel" }))).toEqual([]);
  });

  test("says nothing in environment live", () => {
    expect(saysOf(request("60.50", { environment: "live" }))).toEqual([]);
    expect(saysOf(request("60.77", { environment: "live", action: "cancel" }))).toEqual([]);
  });
});
