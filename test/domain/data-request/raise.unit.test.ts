import { describe, expect, test } from "vitest";
import { play, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

const GIVEN = { name: { firstName: "Juan", lastName: "Garcia" } };
const SUBSCRIBED = [{ events: ["user.data_request"] }];

describe("asking the partner", () => {
  test("S2 what CIP misses is asked for, as dotted paths, with the address that answers and the link's end", () => {
    const stage = play();
    const { events } = stage.create({ userData: GIVEN });
    expect(events.at(-1)).toMatchObject({
      type: "user.data_request",
      data: {
        dataRequestId: stage.request().dataRequestId,
        referenceId: "user_12345",
        linkId: stage.link().linkId,
        requiredFields: ["name.secondName", "idNumber", "dob"],
        replyEndpoint: `https://api.example/partner/data-requests/${stage.request().dataRequestId}`,
        expiresAt: "2026-03-01T13:00:00.000Z",
      },
    });
  });

  test.each([
    ["no endpoint", [], null, false],
    ["an endpoint that wants something else", [{ events: ["link.created"] }], null, false],
    ["an endpoint that wants it", SUBSCRIBED, null, true],
    ["an endpoint that wants everything", [{ events: null }], null, true],
    ["only the link's callbackUrl", [], "https://partner.example/hook", true],
  ])("S2 D10 with %s: asked is %s", (_, endpoints, callbackUrl, isAsked) => {
    const stage = play({ endpoints });
    const { answer } = stage.create({ callbackUrl });
    expect(answer).toMatchObject({ dataRequestId: isAsked ? stage.request().dataRequestId : null });
    expect(stage.record().dataRequests).toHaveLength(isAsked ? 1 : 0);
  });

  test("S2 a partner may want to be asked only when the link is opened, once", () => {
    const stage = play({ settings: { dataRequestTrigger: "on_open" } });
    expect(stage.create().answer).toMatchObject({ dataRequestId: null, userState: "pending" });
    expect(typesOf(stage.open())).toEqual(["link.opened", "user.state_changed", "user.data_request"]);
    expect(stage.open().events).toEqual([]);
  });

  test("D11 two links in a row with the same gaps: the request ends with its link, the next link asks anew", () => {
    const stage = play();
    stage.create({ userData: GIVEN });
    const first = stage.request();
    stage.clock.advanceMinutes(60);
    const { events } = stage.create();
    expect(typesOf({ events })).toEqual([
      "link.expired",
      "user.data_request.closed",
      "link.created",
      "user.data_request",
    ]);
    const [old, asked] = stage.record().dataRequests;
    expect(old).toEqual({ ...first, status: "expired", closedAt: "2026-03-01T13:00:00.000Z" });
    expect(asked).toMatchObject({ status: "open", requiredFields: first.requiredFields });
    expect(asked?.dataRequestId).not.toBe(first.dataRequestId);
  });

  test("P5 a closed request stays as it was closed, whatever fills its fields later", () => {
    const stage = play();
    stage.create({ userData: GIVEN });
    stage.revoke();
    const closed = stage.request();
    stage.create({ userData: BASIC_DATA });
    expect(stage.record().dataRequests).toEqual([closed]);
    expect(closed).toMatchObject({ status: "cancelled", remainingFields: ["name.secondName", "idNumber", "dob"] });
  });

  test("D12 a user who is verified while it is open: the request is superseded", () => {
    const stage = play({ settings: { requiredFieldsPolicy: "full" } });
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "basic" } };
    stage.submitCip();
    expect(typesOf(stage.cipResult())).toEqual(["user.state_changed", "user.cip_verified", "user.data_request.closed"]);
    expect(stage.request().status).toBe("superseded");
  });

  test("D12 a failed user whom a higher revision verifies while it is open: superseded, before the link completes", () => {
    const stage = play();
    stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
    stage.open();
    stage.submitCip();
    stage.cipResult({ outcome: "failed", revision: 1 });
    stage.clock.advanceMinutes(61);
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
    stage.create();
    expect(stage.request().status).toBe("open");
    stage.open();
    stage.cipResult({ outcome: "verified", revision: 2 });
    expect(stage.request().status).toBe("superseded");
    stage.confirm();
    expect(typesOf(stage.updateOperation())).toEqual(["operation.completed", "link.completed"]);
  });

  test("B15 a field that the provider asks for again is asked for, and only a new value for it fulfils the request", () => {
    const stage = play();
    stage.create({ userData: { ...BASIC_DATA, dob: null }, expiresInMinutes: 5 });
    stage.open();
    stage.provide({ dob: "1990-05-15" });
    stage.submitCip();
    stage.cipResult({ outcome: "needs_data", missingFields: ["dob"] });
    stage.clock.advanceMinutes(5);
    stage.create();
    expect(stage.request()).toMatchObject({ requiredFields: ["dob"], remainingFields: ["dob"] });
    stage.open();
    expect(typesOf(stage.provide({ paymentMethod: BANK_ACCOUNT }))).toEqual(["user.data_updated", "link.in_progress"]);
    expect(stage.request()).toMatchObject({ status: "open", remainingFields: ["dob"] });
    expect(stage.answer({ dob: "1990-05-16" }).answer).toMatchObject({ status: "fulfilled" });
    expect(stage.user().state).toBe("data_complete");
  });
});
