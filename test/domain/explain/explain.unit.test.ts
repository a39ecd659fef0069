import { describe, expect, test } from "vitest";
import { type Play, play } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";
import { explained, verified } from "./explained.ts";

describe("whole explanations", () => {
  test("S7 a user whose partner has answered in part", () => {
    const stage = play();
    stage.create({ userData: { name: { firstName: "Juan" } } });
    stage.answer({ name: { firstName: "Juana" }, idNumber: "GALO900515", dob: "1990-05-15" });
    expect(explained(stage)).toEqual({
      userId: "user_acme_000000000001",
      referenceId: "user_12345",
      userVersion: 2,
      sequence: 5,
      at: "2026-03-01T12:00:00.000Z",
      state: {
        state: "data_incomplete",
        since: "2026-03-01T12:00:00.000Z",
        sequence: 3,
        cause: "cmd_acme_000000000001",
        sentence:
          "The user has been data_incomplete since 2026-03-01T12:00:00.000Z (event 3): it moved there from pending because a link was created with what was known then; that came from the partner. Data is missing for the identity check.",
        facts: [],
      },
      fields: [
        {
          path: "name.firstName",
          source: "partner_api",
          at: "2026-03-01T12:00:00.000Z",
          sequence: 1,
          rank: 2,
          sentence:
            "name.firstName is what the partner's API call (partner_api) said at 2026-03-01T12:00:00.000Z (event 1); partner_api ranks above the other source that has spoken of it.",
          losers: [
            {
              source: "partner_webhook",
              at: "2026-03-01T12:00:00.001Z",
              sequence: 5,
              reason: "outranked",
              similarity: "similar",
              sentence:
                "The partner's answer to a data request (partner_webhook) said something else at 2026-03-01T12:00:00.001Z (event 5), similar, as after a slip of the hand; it is kept but does not count, because partner_api ranks above partner_webhook.",
            },
          ],
        },
        {
          path: "idNumber",
          source: "partner_webhook",
          at: "2026-03-01T12:00:00.001Z",
          sequence: 5,
          rank: 3,
          sentence:
            "idNumber is what the partner's answer to a data request (partner_webhook) said at 2026-03-01T12:00:00.001Z (event 5); no other source has spoken of it.",
          losers: [],
        },
        {
          path: "dob",
          source: "partner_webhook",
          at: "2026-03-01T12:00:00.001Z",
          sequence: 5,
          rank: 3,
          sentence:
            "dob is what the partner's answer to a data request (partner_webhook) said at 2026-03-01T12:00:00.001Z (event 5); no other source has spoken of it.",
          losers: [],
        },
      ],
      verified: null,
      conflicts: [
        {
          kind: "contradiction",
          paths: ["name.firstName"],
          sentence:
            "partner_webhook contradicts partner_api about name.firstName: similar, as after a slip of the hand.",
        },
      ],
      createNow: {
        status: "refused",
        code: "ACTIVE_LINK_EXISTS",
        steps: [],
        sentence:
          "A create now would be refused with ACTIVE_LINK_EXISTS: link_acme_000000000003 is created and lives until 2026-03-01T13:00:00.000Z. Revoke it, or send onActive return or replace.",
      },
      dataRequest: {
        dataRequestId: "dr_acme_000000000006",
        sentence:
          "dr_acme_000000000006 of link_acme_000000000003 was answered in part and still waits for name.secondName and name.lastName.",
      },
      operations: [],
      missing: ["name.secondName", "name.lastName"].map((path) => ({
        path,
        who: ["partner", "user"],
        sentence: `${path} is missing: nobody has said anything about it. The partner can answer dr_acme_000000000006, or the user can fill it in on link_acme_000000000003.`,
      })),
      next: [
        { who: "partner", sentence: "Provide name.secondName and name.lastName." },
        { who: "user", sentence: "Open the link and fill in name.secondName and name.lastName." },
      ],
    });
  });

  test("S4 a verified user between two links", () => {
    const stage = verified();
    stage.revoke({ force: true });
    const { state, createNow, missing, next, dataRequest } = explained(stage);
    expect(state.sentence).toBe(
      `The user has been cip_verified since ${state.since} (event ${state.sequence}): it moved there from cip_pending because the identity check passed; that came from the CIP system. The identity is verified.`,
    );
    expect(state.facts).toEqual([
      `Verified by ${stage.attempt().attemptId} at ${state.since} under the requirements basic@1; it counts.`,
    ]);
    expect(createNow).toEqual({
      status: "created",
      code: null,
      steps: ["open", "confirm", "done"],
      sentence:
        "A create now would give a link (201). Its page would show open, confirm and done; no data request would be sent.",
    });
    expect([missing, next]).toEqual([[], []]);
    expect(dataRequest.sentence).toBe(`No data request was sent for ${stage.link().linkId}: nothing was missing.`);
  });

  test("B1 a user about whom there is nothing at all", () => {
    const stage = play({ endpoints: [] });
    stage.create();
    const { state, fields } = explained(stage);
    expect(state.sentence).toBe(
      "The user has been pending since 2026-03-01T12:00:00.000Z (event 1): there is no data, no data request and no opened link yet.",
    );
    expect(fields).toEqual([]);
  });
});

describe("fields", () => {
  test("A3 an id pair of two sources is told as a conflict", () => {
    const stage = play();
    stage.create({ userData: { idType: "CURP" } });
    stage.answer({ idNumber: "GALO900515" });
    expect(explained(stage).conflicts).toEqual([
      {
        kind: "mixed_pair",
        paths: ["idType", "idNumber"],
        sentence:
          "idType comes from partner_api and idNumber from partner_webhook: the two may not belong to the same document.",
      },
    ]);
  });

  test("A8 the lower word is kept, with its distance to the one that counts", () => {
    const stage = play();
    stage.create({ userData: { dob: "1990-05-15", idNumber: "GALO900515" } });
    stage.open();
    stage.provide({ dob: "1950-01-01", idNumber: "galo-900515" });
    const [id, dob] = explained(stage).fields;
    expect(dob?.losers.map(({ source, similarity }) => [source, similarity])).toEqual([["widget", "different"]]);
    expect(id?.losers.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(
        /^The user on the link's page \(widget\) said the same at .*; partner_api ranks above it\.$/,
      ),
    ]);
  });

  test("A4 A5 what a source replaced or took back is told too", () => {
    const stage = play();
    stage.create({ userData: { dob: "1990-05-15" } });
    stage.update({ dob: "1991-05-15" });
    stage.correct({ dob: "1992-05-15" });
    stage.remove("dob", "operator");
    const [dob] = explained(stage).fields;
    expect(dob?.source).toBe("partner_api");
    expect(dob?.losers.map(({ source, reason, sentence }) => [source, reason, sentence])).toEqual([
      [
        "operator",
        "replaced",
        expect.stringMatching(
          /^An operator's correction \(operator\) had spoken at .* and took its word back since\.$/,
        ),
      ],
      ["partner_api", "replaced", expect.stringMatching(/its own newer word \(event \d+\) replaced it\.$/)],
    ]);
  });

  test("A11 an operator's word ranks first", () => {
    const stage = play();
    stage.create({ userData: { dob: "1990-05-15" } });
    stage.correct({ dob: "1990-05-16" });
    const [dob] = explained(stage).fields;
    expect([dob?.source, dob?.rank]).toEqual(["operator", 1]);
  });

  test("H3 no value is told unless it is asked for", () => {
    const stage = verified();
    stage.update({ name: { firstName: "Juanita" } });
    const plain = JSON.stringify(explained(stage));
    for (const value of ["Juan", "GALO900515", "1990-05-15", "012345678901234567"]) expect(plain).not.toContain(value);
    const [first] = explained(stage, { isRevealed: true }).fields;
    expect([first?.value, first?.losers[0]?.value]).toEqual(["Juanita", "Juan"]);
  });
});

describe("what is late, refused or silent", () => {
  test("B9 a check that takes too long is overdue, and stays what it is", () => {
    const stage = play({ settings: { cipOverdueMinutes: 30 } });
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    const overdue =
      "It is overdue: it has run longer than the 30 minutes that are normal for this partner. It never fails by itself.";
    stage.clock.advanceMinutes(29);
    expect(explained(stage).state.facts).not.toContain(overdue);
    stage.clock.advanceMinutes(2);
    const { state, next } = explained(stage);
    expect(state.facts).toContain(overdue);
    expect(next).toEqual([{ who: "cip", sentence: "Report the result of the identity check; it is overdue." }]);
  });

  test("B4 a failure says whether it may be tried again", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    stage.cipResult({ outcome: "failed", reasons: [{ code: "blurred", retryable: true }] });
    expect(explained(stage).state.facts).toEqual([
      "The last identity check failed with blurred; that is not final.",
      "1 attempt has failed and 2 are left.",
    ]);
  });

  test("B15 a field that was asked for again", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.submitCip();
    const reasons = [{ code: "unreadable", field: "dob", retryable: true }];
    stage.cipResult({ outcome: "needs_data", missingFields: ["dob"], reasons });
    const { state, missing } = explained(stage);
    expect(state.facts).toContain("The CIP system asked for dob again (unreadable).");
    expect(missing.map(({ path }) => path)).toEqual(["dob"]);
  });

  test("J6 a transfer of which nothing is heard is overdue, and no timer resolves it", () => {
    const stage = verified();
    const { operationId } = { ...stage.confirm().record.operations[0] };
    stage.clock.advanceMinutes(59);
    expect(explained(stage).operations.map(({ isOverdue }) => isOverdue)).toEqual([false]);
    stage.clock.advanceMinutes(2);
    const { operations, next, createNow } = explained(stage);
    expect(operations).toEqual([
      {
        operationId,
        isOverdue: true,
        sentence: expect.stringContaining("outcome is unknown after more than 60 minutes. No timer resolves it."),
      },
    ]);
    expect(next.map(({ who }) => who)).toEqual(["payments", "operator"]);
    expect(createNow.sentence).toContain(`committed to ${operationId}. It ends when that transfer does.`);
  });

  test("D10 why no data request was sent", () => {
    const sentenceOf = (stage: Play) => explained(stage).dataRequest.sentence;
    const silent = play({ endpoints: [{ events: ["link.created"] }] });
    silent.create();
    expect(sentenceOf(silent)).toContain("nobody would have received it, because no webhook endpoint hears");
    silent.partner = { ...silent.partner, endpoints: [{ events: null }] };
    expect(sentenceOf(silent)).toContain(
      "at that moment nobody would have received it, or the partner had other settings.",
    );
    const patient = play({ settings: { dataRequestTrigger: "on_open" } });
    patient.create();
    expect(sentenceOf(patient)).toContain("only asked once the link is opened");
  });

  test("E10 a suspended partner: every create is refused, and an operator has to act", () => {
    const stage = play();
    stage.create();
    stage.partner = { ...stage.partner, isSuspended: true };
    const { createNow, next } = explained(stage);
    expect([createNow.code, next[0]?.who]).toEqual(["PARTNER_SUSPENDED", "operator"]);
  });
});
