import { describe, expect, test } from "vitest";
import { type Play, play, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA, CURRENCY } from "../../support/domain-commands.ts";

function confirmed(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  stage.confirm();
  stage.clock.advanceMinutes(1);
  return stage;
}

describe("the payment system reports", () => {
  test("J4 processing, then completed: the link completes with the operation", () => {
    const stage = confirmed();
    expect(typesOf(stage.updateOperation({ status: "processing" }))).toEqual(["operation.processing"]);
    expect(stage.operation()).toMatchObject({ status: "processing", processingAt: "2026-03-01T12:01:00.000Z" });
    stage.clock.advanceMinutes(1);
    const { events } = stage.updateOperation({ status: "completed" });
    expect(typesOf({ events })).toEqual(["operation.completed", "link.completed"]);
    expect(events[0]?.data).toMatchObject({ status: "completed", completedAt: "2026-03-01T12:02:00.000Z" });
    expect(stage.link()).toMatchObject({
      status: "completed",
      completedAt: "2026-03-01T12:02:00.000Z",
      committedOperationId: null,
    });
  });

  test("J4 a failure carries its reason and its time, and no account number", () => {
    const { events } = confirmed().updateOperation({ status: "failed", failureReason: "account_closed" });
    expect(events).toMatchObject([
      {
        type: "operation.failed",
        data: { status: "failed", failedAt: "2026-03-01T12:01:00.000Z", failureReason: "account_closed" },
      },
    ]);
  });

  test("J3 the payment system may correct rate, fee and what is received", () => {
    const stage = confirmed();
    stage.updateOperation({ status: "processing", amount: { rate: "17.01", receive: "1029.11" } });
    const amount = { send: "60.50", receive: "1029.11", rate: "17.01", fee: "2.99", currency: CURRENCY };
    expect(stage.operation().amount).toEqual(amount);
    const { events } = stage.updateOperation({ status: "completed" });
    expect(events[0]?.data).toMatchObject({ amount });
  });

  test("J4 the same message again changes and says nothing", () => {
    const stage = confirmed();
    stage.updateOperation({ providerEventId: "report_1" });
    const before = stage.record();
    expect(stage.updateOperation({ providerEventId: "report_1" }).events).toEqual([]);
    expect(stage.updateOperation({ providerEventId: "report_1", status: "failed" }).events).toEqual([]);
    expect(stage.record()).toBe(before);
  });

  test.each([
    ["completed", "processing", "recorded"],
    ["failed", "processing", "recorded"],
    ["completed", "completed", "recorded"],
    ["completed", "failed", "held_for_review"],
    ["failed", "completed", "held_for_review"],
    ["cancelled", "completed", "held_for_review"],
    ["processing", "processing", "recorded"],
  ] as const)("J4 after %s, %s is %s; the first word stays", (first, second, effect) => {
    const stage = confirmed();
    stage.updateOperation({ status: first });
    const links = stage.record().links;
    const { events } = stage.updateOperation({ status: second });
    expect(events).toMatchObject([{ type: "operation.update_recorded", data: { status: second, effect } }]);
    expect(stage.operation()).toMatchObject({ status: first, isHeldForReview: effect === "held_for_review" });
    expect(stage.record().links).toBe(links);
  });

  test("J4 C9 a failed transfer's late success does not touch the next transfer of the link", () => {
    const stage = confirmed();
    const first = stage.operation().operationId;
    stage.updateOperation({ status: "failed" });
    stage.confirm();
    const second = stage.operation().operationId;
    stage.updateOperation({ status: "completed", operationId: first });
    expect(stage.link()).toMatchObject({ status: "in_progress", committedOperationId: second });
  });
});
