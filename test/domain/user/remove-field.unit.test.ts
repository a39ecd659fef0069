import { describe, expect, test } from "vitest";
import { winnerOf } from "../../../domain/user/precedence.ts";
import { type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

/** The page said one dob, the partner another. */
function contradicted(): Play {
  const stage = play();
  stage.create();
  stage.open();
  stage.provide({ dob: "1991-01-01" });
  stage.update({ dob: "1990-05-15" });
  return stage;
}

describe("taking a word back", () => {
  test("A4 only the source's own word goes, and the next source surfaces", () => {
    const stage = contradicted();
    const { answer, events } = stage.remove("dob");
    expect(events).toMatchObject([
      {
        type: "user.data_updated",
        data: { paths: ["dob"], shadowedPaths: [], removedPaths: ["dob"], source: "partner_api" },
        private: { assertions: { source: "partner_api", values: {}, notApplicable: [] }, removed: ["dob"] },
      },
    ]);
    expect(winnerOf(stage.user(), "dob")).toMatchObject({ source: "widget", value: "1991-01-01" });
    expect(stage.user().values.dob).toEqual({ widget: "1991-01-01" });
    expect(answer).toMatchObject({ kind: "user_updated", removedPaths: ["dob"], ignoredFields: [] });
  });

  test("A4 a losing word goes without anybody's winner changing", () => {
    const stage = contradicted();
    stage.correct({ dob: "1989-09-09" });
    const { events } = stage.remove("dob");
    expect(events).toMatchObject([{ data: { paths: [], removedPaths: ["dob"] } }]);
    expect(winnerOf(stage.user(), "dob")?.value).toBe("1989-09-09");
  });

  test("A4 with the last word the field is missing again, and the request asks for it", () => {
    const stage = play();
    stage.create({ userData: { ...BASIC_DATA, dob: null } });
    stage.answer({ dob: "1990-05-15" });
    expect(stage.user().state).toBe("data_complete");
    const { events, answer } = stage.remove("idNumber");
    expect(typesOf({ events })).toEqual(["user.data_updated", "user.state_changed"]);
    expect(answer).toMatchObject({ userState: "data_incomplete", missingFields: ["idNumber"] });
    expect(stage.user().assertions).not.toHaveProperty("idNumber");
    expect(stage.user().values).not.toHaveProperty("idNumber");
  });

  test("A4 D5 an open request lacks again what was taken back", () => {
    const stage = play();
    stage.create();
    stage.update({ dob: "1990-05-15" });
    expect(stage.request().remainingFields).not.toContain("dob");
    stage.remove("dob");
    expect(stage.request()).toMatchObject({ status: "open", remainingFields: stage.request().requiredFields });
  });

  test("A4 'has none' is a word too, and can be taken back", () => {
    const stage = play();
    stage.create({ userData: { notApplicable: ["name.secondName"] } });
    stage.remove("name.secondName");
    expect(stage.user().assertions).toEqual({});
  });

  test("A4 nothing there, another source's word, or an unknown user: not found, nothing changes", () => {
    const stage = contradicted();
    const before = stage.record();
    for (const attempt of [
      () => stage.remove("idNumber"),
      () => stage.remove("dob", "operator"),
      () => play().remove("dob"),
    ]) {
      expect(refusalOf(attempt)).toEqual({ code: "RESOURCE_NOT_FOUND", message: "Resource not found", facts: {} });
    }
    expect(stage.record()).toBe(before);
    stage.remove("dob");
    expect(refusalOf(() => stage.remove("dob")).code).toBe("RESOURCE_NOT_FOUND");
  });

  test("B15 what surfaces is no new word: a field that the provider asks for again stays due", () => {
    const stage = play();
    stage.create();
    stage.open();
    stage.provide(BASIC_DATA);
    stage.update({ dob: "1990-05-16" });
    stage.submitCip();
    stage.cipResult({ outcome: "needs_data", missingFields: ["dob"] });
    stage.remove("dob");
    expect(stage.user().cip.dueFields).toHaveProperty("dob");
    stage.update({ dob: "1990-05-17" });
    expect(stage.user().cip.dueFields).toEqual({});
  });

  test("A4 after a removal the source may speak again, and the same word is a new one", () => {
    const stage = contradicted();
    stage.remove("dob");
    expect(typesOf(stage.update({ dob: "1990-05-15" }))).toEqual(["user.data_updated"]);
    expect(winnerOf(stage.user(), "dob")?.source).toBe("partner_api");
  });
});
