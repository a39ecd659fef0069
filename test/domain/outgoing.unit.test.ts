import { describe, expect, test } from "vitest";
import { cipRequestValue, operationRequestValue, userEventValue } from "../../domain/outgoing.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import { type Play, play } from "../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA, CURRENCY } from "../support/domain-commands.ts";

const ADDRESS = { partner: "acme", environment: "test", referenceId: "user_12345" } as const;

function confirmed(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  stage.confirm();
  return stage;
}

describe("what leaves", () => {
  test("H3 an event leaves without its private part and without who did it", () => {
    const [created] = confirmed().history();
    expect(created && userEventValue(created)).toEqual({
      eventId: "evt_acme_000000000002",
      type: "user.created",
      at: "2026-03-01T12:00:00.000Z",
      ...ADDRESS,
      userId: "user_acme_000000000001",
      sequence: 1,
      userVersion: 1,
      commandId: "cmd_acme_000000000001",
      data: created?.data,
    });
  });

  test("H3 no event of a whole journey, as it leaves, holds a value of a field", () => {
    const stage = confirmed();
    const text = JSON.stringify(stage.history().map(userEventValue));
    for (const value of ["Juan", "Carlos", "Garcia", "GALO900515", "1990-05-15", "012345678901234567"]) {
      expect(text).not.toContain(value);
    }
    expect(JSON.stringify(stage.history())).toContain("GALO900515");
  });

  test("D7 the CIP system gets the frozen evidence, and not the payment method", () => {
    const stage = confirmed();
    const { attemptId, linkId, createdAt } = stage.attempt();
    const { userId } = stage.user();
    expect(cipRequestValue(stage.attempt(), { userId, address: ADDRESS })).toEqual({
      ...ADDRESS,
      ...{
        attemptId,
        kind: "automatic",
        userId,
        linkId,
        number: 1,
        policy: "basic@1",
        requestedAt: createdAt,
        notApplicable: [],
      },
      fields: {
        "name.firstName": "Juan",
        "name.secondName": "Carlos",
        "name.lastName": "Garcia",
        idNumber: "GALO900515",
        dob: "1990-05-15",
      },
    });
  });

  test("J3 the payment system gets the operation as it was frozen", () => {
    const stage = confirmed();
    const { operationId, linkId, createdAt } = stage.operation();
    const { userId } = stage.user();
    expect(operationRequestValue(stage.operation(), "execute", { userId, address: ADDRESS })).toEqual({
      ...ADDRESS,
      ...{ operationId, action: "execute", userId, linkId, requestedAt: createdAt, paymentMethod: BANK_ACCOUNT },
      amount: { send: "60.50", receive: "1031.53", rate: "17.05", fee: "2.99", currency: CURRENCY },
    });
  });

  test("all that concerns one user has one key, and the environments never mix", () => {
    expect(addressKey(ADDRESS)).toBe("acme/test/user_12345");
    expect(addressKey({ ...ADDRESS, environment: "live" })).toBe("acme/live/user_12345");
  });
});
