import { describe, expect, test } from "vitest";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

function confirmed(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  stage.confirm();
  return stage;
}

describe("an operator says how a transfer ended", () => {
  test.each(["created", "processing"])("J6 C8 one that is %s, however late: it and its link complete", (status) => {
    const stage = confirmed();
    if (status === "processing") stage.updateOperation({ status });
    stage.clock.advanceMinutes(600);
    const { answer, events, effects } = stage.resolve({ reason: " told by telephone " });
    expect(typesOf({ events })).toEqual(["operation.completed", "link.completed"]);
    expect(events[0]).toMatchObject({
      actor: { kind: "operator" },
      data: { status: "completed", resolvedBy: "operator" },
      private: { reason: "told by telephone", seen: { provider: "operator", effect: "applied" } },
    });
    expect(answer).toMatchObject({
      kind: "operation_resolved",
      operation: { status: "completed", resolvedBy: "operator" },
    });
    expect(effects).toEqual([]);
    expect(stage.link().status).toBe("completed");
  });

  test("J6 C9 failed: the link expires at once, its time is over; the reason that partners see holds no word of his", () => {
    const stage = confirmed();
    stage.clock.advanceMinutes(600);
    const { events } = stage.resolve({ status: "failed", reason: "Ana of the bank said no" });
    expect(typesOf({ events })).toEqual(["operation.failed", "link.expired"]);
    expect(events[0]).toMatchObject({ data: { failureReason: "Resolved by an operator" } });
    expect(JSON.stringify(events.map(({ data }) => data))).not.toContain("Ana");
  });

  test("J6 J4 the payment system contradicts it later: the operator's word stays, held for review; confirming settles it", () => {
    const stage = confirmed();
    stage.resolve({ status: "cancelled" });
    stage.updateOperation({ status: "completed" });
    expect(stage.operation()).toMatchObject({ status: "cancelled", isHeldForReview: true });
    const { events } = stage.resolve({ status: "cancelled" });
    expect(events).toMatchObject([
      { type: "operation.update_recorded", data: { status: "cancelled", effect: "recorded", resolvedBy: "operator" } },
    ]);
    expect(stage.operation()).toMatchObject({ status: "cancelled", isHeldForReview: false });
    expect(stage.resolve({ status: "cancelled" }).events).toEqual([]);
  });

  test("J6 a final status is final: any other outcome is refused, with the status", () => {
    const stage = confirmed();
    stage.updateOperation({ status: "completed" });
    const { operationId } = stage.operation();
    const { code, facts } = refusalOf(() => stage.resolve({ status: "failed" }));
    expect(code).toBe("OPERATION_NOT_RESOLVABLE");
    expect(facts).toEqual({ operationId, status: "completed" });
  });

  test("J6 only with a reason, and only a transfer that is there", () => {
    const stage = confirmed();
    expect(refusalOf(() => stage.resolve({ reason: " " }))).toMatchObject({
      code: "INVALID_REQUEST",
      facts: { details: [{ path: "reason", code: "required" }] },
    });
    expect(refusalOf(() => stage.resolve({ operationId: "op_acme_unknown" })).code).toBe("RESOURCE_NOT_FOUND");
    expect(stage.operation().status).toBe("created");
  });

  test("J6 also while the partner is suspended: committed transfers finish (E10)", () => {
    const stage = confirmed();
    stage.partner = { ...stage.partner, isSuspended: true };
    stage.resolve();
    expect(stage.operation().status).toBe("completed");
  });
});
