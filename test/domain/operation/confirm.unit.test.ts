import { describe, expect, test } from "vitest";
import type { PartnerSettings } from "../../../domain/partner.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA, CARD, CURRENCY } from "../../support/domain-commands.ts";

const CORRIDORS = [
  { ...CURRENCY, rate: "17.05", fee: "2.99", minimumSend: "5.00", maximumSend: "999.99" },
  { source: "EUR", destination: "MXN", rate: "18.123456", fee: "3", minimumSend: "0.01", maximumSend: "100" },
];

/** A verified user with an opened link. */
function verified(settings: Partial<PartnerSettings> = {}): Play {
  const stage = play({ settings: { corridors: CORRIDORS, ...settings } });
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  stage.clock.advanceMinutes(1);
  return stage;
}

describe("confirming a transfer", () => {
  test("J1 J3 C8 freezes method, amount, rate and fee, commits the link and asks the payment system", () => {
    const stage = verified();
    const { answer, events, effects } = stage.confirm({ send: "60.5" });
    const { operationId } = stage.operation();
    const facts = {
      operationId,
      userId: stage.user().userId,
      linkId: stage.link().linkId,
      referenceId: "user_12345",
      status: "created",
      amount: { send: "60.50", receive: "1031.53", rate: "17.05", fee: "2.99", currency: CURRENCY },
      funding: {},
      payout: { type: "bank_account" },
      createdAt: "2026-03-01T12:01:00.000Z",
      completedAt: null,
      failedAt: null,
      failureReason: null,
    };
    expect(answer).toEqual({ kind: "operation_created", operation: facts });
    expect(events.map(({ type, data }) => [type, data])).toEqual([["operation.created", facts]]);
    expect(effects).toEqual([{ kind: "request_operation", operationId, action: "execute" }]);
    expect(stage.operation()).toMatchObject({ paymentMethod: BANK_ACCOUNT, status: "created", updates: [] });
    expect(stage.link()).toMatchObject({ status: "in_progress", committedOperationId: operationId });
  });

  test("J1 S9 on an opened link it is the first progress", () => {
    const stage = verified();
    stage.confirm();
    stage.updateOperation();
    stage.create();
    stage.open();
    expect(typesOf(stage.confirm())).toEqual(["link.in_progress", "operation.created"]);
  });

  test("J1 only a verified user may: NOT_VERIFIED", () => {
    const stage = play();
    stage.create({ userData: { ...BASIC_DATA, paymentMethod: CARD } });
    stage.open();
    expect(refusalOf(() => stage.confirm()).code).toBe("NOT_VERIFIED");
    stage.submitCip();
    expect(refusalOf(() => stage.confirm()).code).toBe("NOT_VERIFIED");
  });

  test("J1 without a payment method: PAYMENT_METHOD_REQUIRED", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    stage.cipResult();
    expect(refusalOf(() => stage.confirm()).code).toBe("PAYMENT_METHOD_REQUIRED");
    stage.provide({ paymentMethod: CARD });
    stage.confirm();
    expect(stage.operation().paymentMethod).toEqual(CARD);
  });

  test("J1 C7 not on a link past its time, at the very instant neither", () => {
    const stage = verified();
    stage.clock.set("2026-03-01T13:00:00.000Z");
    expect(refusalOf(() => stage.confirm()).code).toBe("LINK_EXPIRED");
  });

  test.each([
    ["0", "amount.send must be more than 0 with at most 2 decimals"],
    ["0.00", "amount.send must be more than 0 with at most 2 decimals"],
    ["-5", "amount.send must be more than 0 with at most 2 decimals"],
    ["60.505", "amount.send must be more than 0 with at most 2 decimals"],
    ["6e1", "amount.send must be more than 0 with at most 2 decimals"],
    ["4.99", "amount.send must be between 5.00 and 999.99 USD"],
    ["1000", "amount.send must be between 5.00 and 999.99 USD"],
  ])("J1 the amount %j is refused", (send, message) => {
    expect(refusalOf(() => verified().confirm({ send }))).toEqual({
      code: "INVALID_REQUEST",
      message,
      facts: { details: [{ path: "amount.send", code: "out_of_range", message }] },
    });
  });

  test.each(["5", "5.00", "999.99"])("J1 the limits themselves are allowed: %s", (send) => {
    expect(typesOf(verified().confirm({ send }))).toEqual(["operation.created"]);
  });

  test("J1 a corridor that the partner does not offer is refused, and the offered ones are named", () => {
    const message = "amount.currency must be an offered corridor: USD-MXN, EUR-MXN";
    expect(refusalOf(() => verified().confirm({ currency: { source: "MXN", destination: "USD" } }))).toEqual({
      code: "INVALID_REQUEST",
      message,
      facts: { details: [{ path: "amount.currency", code: "not_offered", message }] },
    });
    const none = refusalOf(() => verified({ corridors: [] }).confirm());
    expect(none.message).toBe("amount.currency must be an offered corridor: none");
  });

  test("J3 each corridor has its own rate and fee", () => {
    const stage = verified();
    stage.confirm({ send: "0.01", currency: { source: "EUR", destination: "MXN" } });
    expect(stage.operation().amount).toEqual({
      send: "0.01",
      receive: "0.18",
      rate: "18.123456",
      fee: "3.00",
      currency: { source: "EUR", destination: "MXN" },
    });
  });

  test("J2 one open operation per link; after it failed or was cancelled a new one may be made", () => {
    const stage = verified();
    stage.confirm();
    const { operationId } = stage.operation();
    expect(refusalOf(() => stage.confirm())).toMatchObject({
      code: "OPERATION_EXISTS",
      facts: { operationId, status: "created" },
    });
    stage.updateOperation({ status: "processing" });
    expect(refusalOf(() => stage.confirm()).facts).toEqual({ operationId, status: "processing" });
    stage.updateOperation({ status: "failed", failureReason: "account_closed" });
    stage.confirm();
    stage.updateOperation({ status: "cancelled" });
    stage.confirm();
    expect(stage.record().operations.map(({ status }) => status)).toEqual(["failed", "cancelled", "created"]);
  });

  test("J2 a completed link takes no further transfer", () => {
    const stage = verified();
    stage.confirm();
    stage.updateOperation();
    expect(refusalOf(() => stage.confirm())).toEqual({
      code: "LINK_NOT_OPEN",
      message: "This link is completed: no further step is possible",
      facts: { status: "completed" },
    });
  });
});
