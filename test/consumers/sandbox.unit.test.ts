import { describe, expect, test } from "vitest";
import { cipAnswers } from "../../consumers/sandbox/cip.ts";
import { paymentAnswers } from "../../consumers/sandbox/payments.ts";
import type { CipRequest, OperationRequest } from "../../schemas/generated.ts";

describe("cipAnswers", () => {
  test.each([
    ["ABC123", { outcome: "verified" }],
    ["ABCFAIL", { outcome: "failed", reasons: [{ code: "SANDBOX_FAIL", retryable: true }] }],
    ["ABCFINAL", { outcome: "failed", final: true, reasons: [{ code: "SANDBOX_FINAL", retryable: false }] }],
    ["ABCMORE", { outcome: "needs_data", missingFields: ["dob"] }],
    ["FAILABC", { outcome: "verified" }],
  ])("an idNumber %s gives %o", (idNumber, facts) => {
    const [answer, ...more] = cipAnswers(cipRequest({ fields: { idNumber } }));
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ topic: "cipResults", providerEventId: "cip_acme_abcdefghijkl/result", facts });
  });

  test("evidence without an idNumber is verified", () => {
    expect(cipAnswers(cipRequest({ fields: {} }))[0]?.facts).toMatchObject({ outcome: "verified" });
  });

  test("live is never answered", () => {
    expect(cipAnswers(cipRequest({ environment: "live" }))).toEqual([]);
  });
});

describe("paymentAnswers", () => {
  test.each([
    ["100.00", "execute", ["processing", "completed"]],
    ["100.13", "execute", ["processing", "failed"]],
    ["13.00", "execute", ["processing", "completed"]],
    ["100.77", "execute", []],
    ["100.77", "cancel", ["cancelled"]],
    ["100.00", "cancel", []],
    ["100.13", "cancel", []],
  ] as const)("%s to %s gives %o", (send, action, statuses) => {
    const answers = paymentAnswers(operationRequest(send, { action }));
    expect(answers.map(({ facts }) => facts["status"])).toEqual(statuses);
    expect(answers.map(({ providerEventId }) => providerEventId)).toEqual(
      statuses.map((status) => `op_acme_abcdefghijkl/${status}`),
    );
    const failed = answers.find(({ facts }) => facts["status"] === "failed");
    if (failed) expect(failed.facts["failureReason"]).toMatch(/sandbox/);
  });

  test("live is never answered", () => {
    expect(paymentAnswers(operationRequest("1.00", { environment: "live" }))).toEqual([]);
  });
});

function cipRequest(change: Partial<CipRequest>): CipRequest {
  return {
    attemptId: "cip_acme_abcdefghijkl",
    ...{ partner: "acme", environment: "test", referenceId: "user-1", userId: "user_acme_abcdefghijkl" },
    ...{ linkId: "link_acme_abcdefghijkl", number: 1, policy: "basic@1", fields: {}, notApplicable: [] },
    requestedAt: "2026-01-31T09:30:00.000Z",
    ...change,
  };
}

function operationRequest(send: string, change: Partial<OperationRequest>): OperationRequest {
  return {
    ...{ operationId: "op_acme_abcdefghijkl", action: "execute" },
    ...{ partner: "acme", environment: "test", referenceId: "user-1", userId: "user_acme_abcdefghijkl" },
    linkId: "link_acme_abcdefghijkl",
    amount: { send, receive: "1", rate: "1", fee: "1", currency: { source: "USD", destination: "MXN" } },
    paymentMethod: { type: "cash", cash: { provider: "oxxo" } },
    requestedAt: "2026-01-31T09:30:00.000Z",
    ...change,
  };
}
