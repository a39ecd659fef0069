import { describe, expect, test } from "vitest";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

const ALL_FIELDS = ["name.firstName", "name.secondName", "name.lastName", "idNumber", "dob"];

/** A verified user whose first link is done. */
function verified(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  stage.confirm();
  stage.updateOperation();
  return stage;
}

describe("a referenceId seen for the first time", () => {
  test("S1 makes the user, stores what was given, says what is missing", () => {
    const stage = play();
    const { answer, events } = stage.create({ userData: { name: { firstName: "Juan", lastName: "Garcia" } } });
    expect(answer).toEqual({
      kind: "link_created",
      linkId: "link_acme_000000000003",
      referenceId: "user_12345",
      status: "created",
      flow: "m2m-basic",
      expiresAt: "2026-03-01T13:00:00.000Z",
      createdAt: "2026-03-01T12:00:00.000Z",
      userId: "user_acme_000000000001",
      userState: "data_incomplete",
      userVersion: 1,
      missingFields: ["name.secondName", "idNumber", "dob"],
      dataRequestId: "dr_acme_000000000006",
      ignoredFields: [],
      replaces: null,
    });
    expect(typesOf({ events })).toEqual(["user.created", "link.created", "user.state_changed", "user.data_request"]);
    expect(events[0]?.data).toEqual({
      referenceId: "user_12345",
      userId: "user_acme_000000000001",
      paths: ["name.firstName", "name.lastName"],
      source: "partner_api",
      state: "pending",
    });
    expect(stage.user().values).toEqual({
      "name.firstName": { partner_api: "Juan" },
      "name.lastName": { partner_api: "Garcia" },
    });
  });

  test("S1 B1 with all data the user is data_complete and nobody is asked", () => {
    const stage = play();
    const { answer, events } = stage.create({ userData: BASIC_DATA });
    expect(answer).toMatchObject({ userState: "data_complete", missingFields: [], dataRequestId: null });
    expect(typesOf({ events })).toEqual(["user.created", "link.created", "user.state_changed"]);
  });

  test("B1 a user about whom nobody said, asked or did anything is pending; a data request moves it on", () => {
    const unheard = play({ endpoints: [] });
    expect(unheard.create().answer).toMatchObject({ userState: "pending", missingFields: ALL_FIELDS });
    expect(play().create().answer).toMatchObject({ userState: "data_incomplete", missingFields: ALL_FIELDS });
  });

  test("B1 opening the link moves a pending user on", () => {
    const stage = play({ endpoints: [] });
    stage.create();
    expect(typesOf(stage.open())).toEqual(["link.opened", "user.state_changed"]);
    expect(stage.user().state).toBe("data_incomplete");
  });

  test("B1 the first assertion moves a pending user on, 'has none' too", () => {
    const stage = play({ endpoints: [] });
    stage.create();
    expect(stage.create({ onActive: "replace", userData: { name: { firstName: " " } } }).answer).toMatchObject({
      userState: "pending",
    });
    expect(
      stage.create({ onActive: "replace", userData: { notApplicable: ["name.secondName"] } }).answer,
    ).toMatchObject({ userState: "data_incomplete" });
  });

  test("A4 empty values of a first link are told and not stored", () => {
    const { answer, events } = play().create({ userData: { name: { firstName: "" }, dob: null } });
    expect(answer).toMatchObject({
      ignoredFields: [
        { path: "name.firstName", reason: "empty_value" },
        { path: "dob", reason: "empty_value" },
      ],
    });
    expect(events[0]).toMatchObject({ type: "user.created", data: { paths: [] }, private: { assertions: null } });
  });
});

describe("a referenceId seen before", () => {
  test("S3 S8 finds its user, merges what is new and keeps the rest", () => {
    const stage = play();
    const { userId } = stage.create({ userData: { name: { firstName: "Juan" }, idNumber: "GALO900515" } })
      .answer as never;
    stage.revoke();
    const { answer, events } = stage.create({ userData: { name: { firstName: "Juana" }, dob: "1990-05-15" } });
    expect(answer).toMatchObject({ userId, userVersion: 3, missingFields: ["name.secondName", "name.lastName"] });
    expect(typesOf({ events })).toEqual(["user.data_updated", "link.created", "user.data_request"]);
    expect(stage.user().values).toEqual({
      "name.firstName": { partner_api: "Juana" },
      idNumber: { partner_api: "GALO900515" },
      dob: { partner_api: "1990-05-15" },
    });
  });

  test("S3 S4 a verified user is asked nothing: no missing fields, no data request, also when more is required by now", () => {
    const stage = verified();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
    const { answer, events } = stage.create();
    expect(answer).toMatchObject({ userState: "cip_verified", missingFields: [], dataRequestId: null });
    expect(typesOf({ events })).toEqual(["link.created"]);
  });

  test("S1 a user whose requirements grew is data_incomplete again with the next link, and is asked", () => {
    const stage = play({ settings: { defaultExpiresInMinutes: 5 } });
    stage.create({ userData: BASIC_DATA });
    stage.clock.advanceMinutes(5);
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
    expect(stage.create().answer).toMatchObject({
      userState: "data_incomplete",
      missingFields: ["name.secondLastName", "idType"],
    });
    expect(stage.request().requiredFields).toEqual(["name.secondLastName", "idType"]);
  });
});

describe("one active link", () => {
  test("S10 C2 C3 a second create is refused, names the first, and stores nothing", () => {
    const stage = play();
    const { linkId } = stage.create().answer as { linkId: string };
    const before = stage.record();
    stage.clock.advanceMinutes(59);
    expect(refusalOf(() => stage.create({ userData: BASIC_DATA }))).toEqual({
      code: "ACTIVE_LINK_EXISTS",
      message: "User already has an active link",
      facts: {
        existingLinkId: linkId,
        existingLink: { status: "created", expiresAt: "2026-03-01T13:00:00.000Z" },
      },
    });
    expect(stage.record()).toBe(before);
  });

  test.each(["created", "opened", "in_progress"])("C1 a link that is %s and before its time is active", (status) => {
    const stage = play();
    stage.create();
    if (status !== "created") stage.open();
    if (status === "in_progress") stage.provide({ dob: "1990-05-15" });
    expect(stage.link().status).toBe(status);
    expect(refusalOf(() => stage.create()).facts.existingLink?.status).toBe(status);
  });

  test("S11 C1 after completion, expiry and revocation a new link is possible", () => {
    const stage = verified();
    expect(stage.link().status).toBe("completed");
    stage.create();
    stage.revoke();
    stage.create();
    stage.clock.advanceMinutes(61);
    stage.create();
    expect(stage.record().links.map(({ status }) => status)).toEqual(["completed", "revoked", "expired", "created"]);
  });

  test("C5 a create after expiresAt first writes the expiry, then the new link", () => {
    const stage = play({ endpoints: [] });
    stage.create({ expiresInMinutes: 5 });
    const { linkId } = stage.link();
    stage.clock.advanceMinutes(30);
    const { events } = stage.create();
    expect(typesOf({ events })).toEqual(["link.expired", "link.created"]);
    expect(events[0]).toMatchObject({
      at: "2026-03-01T12:30:00.000Z",
      data: {
        linkId,
        referenceId: "user_12345",
        status: "expired",
        at: "2026-03-01T12:30:00.000Z",
        expiredAt: "2026-03-01T12:05:00.000Z",
      },
    });
    expect(stage.record().links[0]?.expiredAt).toBe("2026-03-01T12:05:00.000Z");
  });

  test("C4 onActive return gives the existing link and merges nothing", () => {
    const stage = play();
    const { answer: first } = stage.create({ userData: { dob: "1990-05-15" } });
    const before = stage.record();
    const { answer, events } = stage.create({ onActive: "return", userData: { dob: "1991-01-01" } });
    expect(answer).toEqual({ ...first, kind: "link_returned" });
    expect(events).toEqual([]);
    expect(stage.record()).toBe(before);
  });

  test("C4 onActive replace revokes and creates in one step; the new link says whom it replaced", () => {
    const stage = play();
    stage.create();
    const old = stage.link().linkId;
    const { answer, events } = stage.create({ onActive: "replace" });
    expect(typesOf({ events })).toEqual([
      "link.revoked",
      "user.data_request.closed",
      "link.created",
      "user.data_request",
    ]);
    expect(answer).toMatchObject({ kind: "link_created", replaces: old });
    expect(stage.record().links[0]).toMatchObject({ status: "revoked", revokeReason: "replaced" });
  });

  test("C4 C8 a link in progress, committed or not, is not replaced", () => {
    const stage = verified();
    stage.create();
    stage.open();
    stage.provide({ idType: "CURP" });
    expect(refusalOf(() => stage.create({ onActive: "replace" })).code).toBe("ACTIVE_LINK_EXISTS");
    stage.confirm();
    stage.clock.advanceMinutes(600);
    expect(refusalOf(() => stage.create({ onActive: "replace" })).code).toBe("ACTIVE_LINK_EXISTS");
  });

  test("E6 after a revocation a create always works", () => {
    const stage = play();
    stage.create();
    stage.open();
    stage.revoke();
    expect(stage.create().answer).toMatchObject({ kind: "link_created" });
  });
});

test("S9 a link carries what its creator chose, and lives as long as it was given", () => {
  const stage = play({ settings: { defaultExpiresInMinutes: 90 } });
  const chosen = {
    flow: "custom",
    theme: "dark",
    language: "es",
    callbackUrl: "https://partner.example/hook",
    redirectUrl: "https://partner.example/done",
    expiredRedirectUrl: "https://partner.example/late",
    metadata: { order: 7 },
  } as const;
  const { events } = stage.create({ ...chosen, expiresInMinutes: 10_080 });
  expect(stage.link()).toMatchObject({ ...chosen, expiresAt: "2026-03-08T12:00:00.000Z" });
  expect(events.find(({ type }) => type === "link.created")?.data).toEqual({
    linkId: stage.link().linkId,
    referenceId: "user_12345",
    url: `https://widget.example/${stage.link().linkId}/custom`,
    status: "created",
    expiresAt: "2026-03-08T12:00:00.000Z",
    createdAt: "2026-03-01T12:00:00.000Z",
    metadata: { order: 7 },
  });
  stage.revoke();
  stage.clock.advanceMinutes(30);
  stage.create();
  expect(stage.link().expiresAt).toBe("2026-03-01T14:00:00.000Z");
});
