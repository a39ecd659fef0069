import { describe, expect, test } from "vitest";
import { type Play, play } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";
import { explained, verified } from "./explained.ts";

function failed(isFinal: boolean, maxCipAttempts = 3): Play {
  const stage = play({ settings: { maxCipAttempts } });
  stage.create({ userData: BASIC_DATA });
  stage.open();
  stage.submitCip();
  stage.cipResult({ outcome: "failed", isFinal, reasons: [{ code: "no_match", retryable: !isFinal }] });
  return stage;
}

const who = (stage: Play) => explained(stage).next.map((action) => action.who);
const facts = (stage: Play) => explained(stage).state.facts;

describe("a verified user", () => {
  test("B5 who changed materially has to be checked again, by a date", () => {
    const stage = verified();
    stage.update({ dob: "1991-05-15" });
    stage.revoke({ force: true });
    expect(facts(stage)).toEqual([
      expect.stringMatching(/^Verified by cip_.*; it has to be repeated by 2026-03-15T12:00:00\.004Z\.$/),
      "dob now says something else than what was verified.",
    ]);
    expect(explained(stage).createNow.steps).toEqual(["open", "cip", "confirm", "done"]);
    expect(explained(stage).next).toEqual([
      { who: "partner", sentence: "Create a link for the user." },
      { who: "user", sentence: "Open the link and repeat the identity check." },
    ]);
  });

  test("B5 in the days of grace compliance reads what was verified, values only when they are revealed", () => {
    const stage = verified();
    expect(explained(stage).verified).toBeNull();
    stage.update({ name: { firstName: "JUAN" } });
    expect(explained(stage).verified).toBeNull();
    stage.update({ name: { firstName: "Juan" }, dob: "1991-05-15" });
    const { verified: hidden } = explained(stage);
    expect(hidden).toMatchObject({ change: "material", sentence: expect.stringContaining("not the winners of dob") });
    expect(hidden?.fields).toContainEqual({ path: "dob", isChanged: true });
    expect(JSON.stringify(hidden)).not.toContain("1990-05-15");
    const { verified: shown } = explained(stage, { isRevealed: true });
    expect(shown?.fields).toContainEqual({ path: "dob", isChanged: true, value: "1990-05-15" });
    expect(shown?.fields.filter(({ isChanged }) => isChanged)).toHaveLength(1);
  });

  test("B5 once the change is settled there is nothing apart to read", () => {
    const stage = verified();
    stage.update({ dob: "1991-05-15" });
    stage.revoke({ force: true });
    stage.create();
    stage.open();
    stage.submitCip();
    stage.cipResult();
    expect(explained(stage).verified).toBeNull();
  });

  test("B11 who seems to be known under another referenceId: it is said, and nothing else changes", () => {
    const stage = verified();
    const suspected = explained(stage, { isDuplicateSuspected: true });
    expect(suspected.state.facts.at(-1)).toMatch(/^Another referenceId of this partner seems to be the same person/);
    expect({ ...suspected, state: null }).toEqual({ ...explained(stage), state: null });
    expect(explained(stage, { isDuplicateSuspected: true, sequence: 1 }).state.facts).toEqual([]);
  });

  test("B5 who was not checked again in time: why, and that the verification is over", () => {
    const stage = verified();
    stage.update({ dob: "1991-05-15" });
    stage.clock.advanceMinutes(15 * 24 * 60);
    stage.reverificationDue();
    const { state } = explained(stage);
    expect(state.sentence).toContain("because the identity check was not repeated in time; that came from the clock.");
    expect(state.facts[0]).toMatch(/; it had to be repeated by 2026-03-15T12:00:00\.004Z\.$/);
  });

  test("B5 who became another person is checked, and a person has to look", () => {
    const stage = verified();
    stage.update({ dob: "1991-05-15", idNumber: "XEXX010101" });
    expect(facts(stage)).toContain(
      "It was begun because the verified identity was replaced by another one; a person decides about it.",
    );
    expect(who(stage)).toEqual(["operator", "cip"]);
  });

  test("B6 whose verification became too old", () => {
    const stage = verified();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, cipValidForDays: 10 } };
    stage.clock.advanceMinutes(11 * 24 * 60);
    stage.reverificationDue();
    expect(facts(stage)).toContain("It became older than the partner's settings allow.");
  });

  test("B7 of whom more is wanted now: what and by when; earlier links are not judged by it", () => {
    const stage = verified();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, requiredFieldsPolicy: "full" } };
    expect(explained(stage).dataRequest.sentence).toContain("nothing was missing");
    stage.applyPolicy();
    const { state, missing } = explained(stage);
    expect(state.facts).toContainEqual(
      expect.stringMatching(
        /^The requirements have grown \(full@1\): name\.secondLastName and idType should be there by/,
      ),
    );
    expect(missing.map(({ path }) => path)).toEqual(["name.secondLastName", "idType"]);
  });

  test("B4 whose provider contradicts itself", () => {
    const stage = verified();
    stage.cipResult({ outcome: "failed", reasons: [{ code: "late", retryable: true }] });
    expect(facts(stage)).toContain(
      "The CIP system contradicted itself; its last word is held and changes nothing until a person decides.",
    );
    expect(who(stage)).toContain("operator");
  });
});

describe("a user whose check failed", () => {
  test("B10 with no attempt left waits for a person", () => {
    const stage = failed(false, 1);
    expect(facts(stage)).toContain("1 attempt has failed and none is left.");
    expect(who(stage)).toEqual(["operator"]);
  });

  test("B14 for good waits for a review, which may reopen it", () => {
    const stage = failed(true);
    expect(facts(stage)).toEqual([
      "The last identity check failed with no_match; that is final, and only an operator can lift it.",
    ]);
    expect(who(stage)).toEqual(["operator"]);
    stage.review("reopen");
    expect(facts(stage)).toContain("The last identity check failed with no_match; a person has to look at it first.");
    stage.review("approve");
    expect(explained(stage).state.sentence).toContain("because an operator approved it; that came from an operator.");
  });
});

test("A13 a source that keeps changing who the user is", () => {
  const stage = play();
  for (const year of [1990, 1991, 1992, 1993]) {
    stage.create({ userData: { dob: `${year}-01-01` }, onActive: "replace" });
  }
  expect(facts(stage)).toContainEqual(
    expect.stringMatching(/marked as unstable: the same source changed dob more than twice in 30 days\./),
  );
  expect(explained(stage).next[0]?.who).toBe("operator");
});
