import { describe, expect, test } from "vitest";
import type { PartnerSettings } from "../../../domain/partner.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, CARD } from "../../support/domain-commands.ts";

const REST = { name: { secondName: "Carlos" }, idNumber: "GALO900515", dob: "1990-05-15" };

/** The seed's first link: two names are known, three fields are asked for. */
function asked(settings: Partial<PartnerSettings> = {}): Play {
  const stage = play({ settings });
  stage.create({ userData: { name: { firstName: "Juan", lastName: "Garcia" } } });
  stage.clock.advanceMinutes(1);
  return stage;
}

describe("answering a data request", () => {
  test("S12 fills what was asked for, as partner_webhook, and fulfils the request", () => {
    const stage = asked();
    const { answer, events } = stage.answer(REST);
    const { dataRequestId, linkId } = stage.request();
    expect(answer).toEqual({
      kind: "data_request_answered",
      dataRequestId,
      linkId,
      status: "fulfilled",
      fulfilledAt: "2026-03-01T12:01:00.000Z",
      remainingFields: [],
      ignoredFields: [],
      userVersion: 2,
    });
    expect(typesOf({ events })).toEqual(["user.data_updated", "user.state_changed", "user.data_request.closed"]);
    expect(events.at(-1)?.data).toEqual({ dataRequestId, referenceId: "user_12345", linkId, status: "fulfilled" });
    expect(stage.user()).toMatchObject({ state: "data_complete" });
    expect(stage.user().values).toMatchObject({ dob: { partner_webhook: "1990-05-15" } });
  });

  test("D5 a part keeps the request open: what remains is told, and nobody is asked a second time", () => {
    const stage = asked();
    const { answer, events } = stage.answer({ dob: "1990-05-15" });
    expect(answer).toMatchObject({
      status: "partially_answered",
      fulfilledAt: null,
      remainingFields: ["name.secondName", "idNumber"],
    });
    expect(typesOf({ events })).toEqual(["user.data_updated"]);
    expect(stage.request().status).toBe("partially_answered");
    expect(stage.answer({ idNumber: "GALO900515", notApplicable: ["name.secondName"] }).answer).toMatchObject({
      status: "fulfilled",
      remainingFields: [],
    });
  });

  test("D5 a field that the user fills in the meantime no longer remains; the request is not answered by it", () => {
    const stage = asked();
    stage.open();
    stage.provide({ dob: "1990-05-15" });
    expect(stage.request()).toMatchObject({ status: "open", remainingFields: ["name.secondName", "idNumber"] });
  });

  test("D1 an answer at or after the link's expiry is refused and nothing is merged", () => {
    const stage = asked();
    stage.clock.set("2026-03-01T12:59:59.999Z");
    stage.answer({ dob: "1990-05-15" });
    stage.clock.set("2026-03-01T13:00:00.000Z");
    const before = stage.record();
    expect(refusalOf(() => stage.answer(REST)).code).toBe("LINK_EXPIRED");
    stage.expire();
    expect(stage.request().status).toBe("expired");
    expect(refusalOf(() => stage.answer(REST)).code).toBe("LINK_EXPIRED");
    expect(stage.user().values).toEqual(before.user?.values);
  });

  test("D1 a partner that accepts late answers gets them stored and marked as late", () => {
    const stage = asked({ acceptLateAnswers: true });
    stage.clock.advanceMinutes(60);
    stage.expire();
    const { answer, events } = stage.answer(REST);
    expect(answer).toMatchObject({ status: "fulfilled", remainingFields: [] });
    expect(events[0]).toMatchObject({ type: "user.data_updated", data: { late: true } });
    expect(stage.user().state).toBe("data_complete");
    expect(stage.request().status).toBe("expired");
  });

  test.each([
    ["all of it", REST],
    ["a part", { dob: "1990-05-15" }],
    ["what was not asked for but is missing", { ...REST, paymentMethod: CARD }],
    [
      "what loses, what is empty, what nobody asked for",
      { ...REST, name: { firstName: "Pedro", lastName: "" }, idType: "CURP" },
    ],
  ])("D2 the same body again gets the same answer and is no new version: %s", (_, body) => {
    const stage = asked();
    const first = stage.answer(body);
    const before = stage.record();
    stage.clock.advanceMinutes(1);
    const second = stage.answer(body);
    expect(second.answer).toEqual(first.answer);
    expect(second.events).toEqual([]);
    expect(stage.record()).toBe(before);
  });

  test("D2 another body before expiry updates, also after fulfilled; what it leaves out stays", () => {
    const stage = asked();
    stage.answer({ ...REST, paymentMethod: CARD });
    const { answer, events } = stage.answer({ dob: "1990-05-16", paymentMethod: BANK_ACCOUNT });
    expect(answer).toMatchObject({
      status: "fulfilled",
      fulfilledAt: "2026-03-01T12:01:00.000Z",
      ignoredFields: [],
      userVersion: 3,
    });
    expect(typesOf({ events })).toEqual(["user.data_updated"]);
    expect(stage.user().values).toMatchObject({
      dob: { partner_webhook: "1990-05-16" },
      idNumber: { partner_webhook: "GALO900515" },
      paymentMethod: { partner_webhook: BANK_ACCOUNT },
    });
  });

  test("D2 D4 what an answer brought because it was missing, a later answer to the same request may update", () => {
    const stage = asked();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
    stage.answer({ idType: "CURP" });
    const { answer } = stage.answer({ idType: "PASSPORT" });
    expect(answer).toMatchObject({ ignoredFields: [] });
    expect(stage.user().values.idType).toEqual({ partner_webhook: "PASSPORT" });
  });

  test("D3 a wrong referenceId is refused before everything else; a right one and none are allowed", () => {
    const stage = asked();
    const wrong = { statedReferenceId: "USER_12345" };
    expect(refusalOf(() => stage.answer(REST, wrong))).toEqual({
      code: "REFERENCE_ID_MISMATCH",
      message: "The referenceId does not match this data request",
      facts: {},
    });
    stage.answer({ dob: "1990-05-15" }, { statedReferenceId: "user_12345" });
    stage.clock.advanceMinutes(60);
    expect(refusalOf(() => stage.answer(REST, wrong)).code).toBe("REFERENCE_ID_MISMATCH");
  });

  test("D3 a request that is not this user's is not found", () => {
    const elsewhere = { dataRequestId: "dr_other_000000000001" };
    expect(refusalOf(() => asked().answer(REST, elsewhere)).code).toBe("RESOURCE_NOT_FOUND");
    expect(refusalOf(() => play().answer(REST)).code).toBe("RESOURCE_NOT_FOUND");
  });

  test("D4 asked for and missing fields are applied, a losing word is kept and told, the rest is not_requested", () => {
    const stage = asked();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
    const { answer } = stage.answer({
      name: { firstName: "Pedro", secondName: "Carlos", secondLastName: "Lopez" },
      idImage: { imageId: "img_1", sha256: "00ff", sizeInBytes: 3 },
      paymentMethod: CARD,
    });
    expect(answer).toMatchObject({
      ignoredFields: [
        { path: "name.firstName", reason: "lower_precedence", winningSource: "partner_api" },
        { path: "idImage", reason: "not_requested" },
      ],
    });
    expect(stage.user().values).toEqual({
      "name.firstName": { partner_api: "Juan", partner_webhook: "Pedro" },
      "name.secondName": { partner_webhook: "Carlos" },
      "name.lastName": { partner_api: "Garcia" },
      "name.secondLastName": { partner_webhook: "Lopez" },
      paymentMethod: { partner_webhook: CARD },
    });
  });

  test("D4 a payment method counts as missing only while there is none", () => {
    const stage = asked();
    stage.open();
    stage.provide({ paymentMethod: CARD });
    expect(stage.answer({ paymentMethod: BANK_ACCOUNT }).answer).toMatchObject({
      ignoredFields: [{ path: "paymentMethod", reason: "not_requested" }],
    });
    expect(stage.user().values.paymentMethod).toEqual({ widget: CARD });
  });

  test("D6 an answer after the user filled everything is still accepted before expiry, as the higher source", () => {
    const stage = asked();
    stage.open();
    const { events } = stage.provide(REST);
    expect(events.at(-1)).toMatchObject({ type: "user.data_request.closed", data: { status: "superseded" } });
    expect(stage.answer({ dob: "1990-05-16" }).answer).toMatchObject({ status: "fulfilled", ignoredFields: [] });
    expect(stage.user().values.dob).toEqual({ widget: "1990-05-15", partner_webhook: "1990-05-16" });
    expect(stage.request()).toMatchObject({ status: "superseded", remainingFields: [] });
  });

  test("D7 an answer while CIP runs is stored and may win; the evidence stays as it was submitted", () => {
    const stage = asked();
    stage.open();
    stage.provide(REST);
    stage.submitCip();
    const { evidence, evidenceValues } = stage.attempt();
    stage.answer({ dob: "1990-05-16" });
    expect(stage.user()).toMatchObject({ state: "cip_pending", values: { dob: { partner_webhook: "1990-05-16" } } });
    expect(stage.attempt()).toMatchObject({ evidence, evidenceValues });
    expect(evidenceValues.dob).toBe("1990-05-15");
  });

  test("D8 a request whose webhook nobody ever received is answerable all the same", () => {
    const stage = asked();
    stage.partner = { ...stage.partner, endpoints: [] };
    expect(stage.answer(REST).answer).toMatchObject({ status: "fulfilled" });
  });

  test("D9 one invalid field refuses the whole answer, and the request stays open", () => {
    const stage = asked({ allowedPaymentMethods: ["cash"] });
    const before = stage.record();
    expect(refusalOf(() => stage.answer({ ...REST, paymentMethod: CARD })).code).toBe("INVALID_REQUEST");
    expect(stage.record()).toBe(before);
    expect(stage.request().status).toBe("open");
  });
});
