import { describe, expect, test } from "vitest";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

/** A verified user on an open link. */
function verified(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  return stage;
}

function confirmed(): Play {
  const stage = verified();
  stage.confirm();
  return stage;
}

describe("cancelling a transfer", () => {
  test("J5 while it is created the payment system is asked; the transfer stays as it is until that has answered", () => {
    const stage = confirmed();
    const { operationId, linkId } = stage.operation();
    const { answer, events, effects } = stage.cancelOperation();
    expect(answer).toMatchObject({
      kind: "operation_cancel_requested",
      operation: { operationId, status: "created", cancelRequested: true },
    });
    expect(events).toMatchObject([
      { type: "operation.cancel_requested", actor: { kind: "user" }, data: { operationId, linkId } },
    ]);
    expect(effects).toEqual([{ kind: "request_operation", operationId, action: "cancel" }]);
    expect(stage.operation().status).toBe("created");
    expect(stage.link().committedOperationId).toBe(operationId);
  });

  test("J5 asked again it asks nobody again", () => {
    const stage = confirmed();
    stage.cancelOperation();
    const { answer, events, effects } = stage.cancelOperation();
    expect(answer.kind).toBe("operation_cancel_requested");
    expect([...events, ...effects]).toEqual([]);
  });

  test("J5 C9 the payment system agrees: cancelled, the link is free, and a new transfer may be made", () => {
    const stage = confirmed();
    stage.cancelOperation();
    expect(typesOf(stage.updateOperation({ status: "cancelled" }))).toEqual(["operation.cancelled"]);
    expect(stage.link()).toMatchObject({ status: "in_progress", committedOperationId: null });
    const again = stage.cancelOperation();
    expect(again.answer).toMatchObject({ kind: "operation_cancelled", operation: { status: "cancelled" } });
    expect(again.events).toEqual([]);
    stage.confirm();
    expect(stage.cancelOperation().answer.kind).toBe("operation_cancel_requested");
  });

  test("J5 C9 agreed after the link's time: cancelled, and the link expires at once", () => {
    const stage = confirmed();
    stage.cancelOperation();
    stage.clock.advanceMinutes(120);
    expect(typesOf(stage.updateOperation({ status: "cancelled" }))).toEqual(["operation.cancelled", "link.expired"]);
  });

  test("J5 the payment system was quicker: it completes all the same", () => {
    const stage = confirmed();
    stage.cancelOperation();
    expect(typesOf(stage.updateOperation({ status: "completed" }))).toEqual(["operation.completed", "link.completed"]);
    expect(stage.operation()).toMatchObject({ status: "completed", isHeldForReview: false });
    expect(stage.history().at(-2)).toMatchObject({ data: { status: "completed", cancelRequested: true } });
  });

  test.each(["processing", "completed", "failed"] as const)(
    "J5 when it is %s it is refused, with the status",
    (status) => {
      const stage = confirmed();
      stage.updateOperation({ status });
      const { operationId } = stage.operation();
      const refused = refusalOf(() => stage.cancelOperation());
      expect(refused.code).toBe("OPERATION_NOT_CANCELLABLE");
      expect(refused.message).toBe(`Only an operation that is created can be cancelled; it is ${status}`);
      expect(refused.facts).toEqual({ operationId, status });
    },
  );

  test("J5 there is none, or no such link: not found", () => {
    expect(refusalOf(() => verified().cancelOperation()).code).toBe("RESOURCE_NOT_FOUND");
    expect(refusalOf(() => confirmed().cancelOperation("link_acme_unknown")).code).toBe("RESOURCE_NOT_FOUND");
  });

  test("J5 E10 a suspended partner's user may still ask for it: it begins nothing", () => {
    const stage = confirmed();
    stage.partner = { ...stage.partner, isSuspended: true };
    expect(stage.cancelOperation().answer.kind).toBe("operation_cancel_requested");
  });
});
