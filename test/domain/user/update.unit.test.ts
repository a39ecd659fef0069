import { describe, expect, test } from "vitest";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA, CARD } from "../../support/domain-commands.ts";

/** A user with a link and a data request for all that CIP misses. */
function asked(): Play {
  const stage = play();
  stage.create();
  return stage;
}

describe("more of a user, without a link", () => {
  test("D12 an unknown user is not found, and nothing is made", () => {
    const stage = play();
    expect(refusalOf(() => stage.update(BASIC_DATA)).code).toBe("RESOURCE_NOT_FOUND");
    expect(stage.record().user).toBeNull();
  });

  test("S7 A7 it is the partner's own word: above the page's and above an answer", () => {
    const stage = asked();
    stage.open();
    stage.provide({ dob: "1991-01-01" });
    stage.answer({ dob: "1992-02-02" });
    const { answer, events } = stage.update({ dob: "1990-05-15", idType: " " });
    expect(events).toMatchObject([
      { type: "user.data_updated", data: { paths: ["dob"], shadowedPaths: [], source: "partner_api" } },
    ]);
    expect(answer).toEqual({
      kind: "user_updated",
      userId: stage.user().userId,
      referenceId: "user_12345",
      userState: "data_incomplete",
      userVersion: 5,
      missingFields: ["name.firstName", "name.secondName", "name.lastName", "idNumber"],
      ignoredFields: [{ path: "idType", reason: "empty_value" }],
      removedPaths: [],
    });
  });

  test("D6 what fills all that was asked for supersedes the request; the link stays as it is", () => {
    const stage = asked();
    const { events, answer } = stage.update(BASIC_DATA);
    expect(typesOf({ events })).toEqual(["user.data_updated", "user.state_changed", "user.data_request.closed"]);
    expect(stage.request()).toMatchObject({ status: "superseded", remainingFields: [] });
    expect(stage.link().status).toBe("created");
    expect(answer).toMatchObject({ userState: "data_complete", missingFields: [] });
  });

  test("D5 a part leaves the request open, with what remains", () => {
    const stage = asked();
    expect(typesOf(stage.update({ dob: "1990-05-15" }))).toEqual(["user.data_updated"]);
    expect(stage.request()).toMatchObject({
      status: "open",
      remainingFields: ["name.firstName", "name.secondName", "name.lastName", "idNumber"],
    });
  });

  test("A5 the same again is no change; B4 a failed user stays failed", () => {
    const stage = asked();
    stage.update(BASIC_DATA);
    const { events, confirmations } = stage.update(BASIC_DATA);
    expect(events).toEqual([]);
    expect(confirmations).toHaveLength(5);
    stage.open();
    stage.submitCip();
    stage.cipResult({ outcome: "failed", reasons: [{ code: "blurred", retryable: true }] });
    stage.update({ name: { secondName: "Carlo" } });
    expect(stage.user().state).toBe("cip_failed");
  });

  test("A9 a payment method that the partner does not offer refuses all of it", () => {
    const stage = play({ settings: { allowedPaymentMethods: ["bank_account"] } });
    stage.create();
    const { code, facts } = refusalOf(() => stage.update({ dob: "1990-05-15", paymentMethod: CARD }));
    expect(code).toBe("INVALID_REQUEST");
    expect(facts.details).toMatchObject([{ path: "userData.paymentMethod.type" }]);
    expect(stage.user().assertions).toEqual({});
    stage.update({ paymentMethod: BANK_ACCOUNT });
    expect(stage.user().values.paymentMethod).toEqual({ partner_api: BANK_ACCOUNT });
  });
});
