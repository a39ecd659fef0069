import { describe, expect, test } from "vitest";
import { conflictsOf } from "../../../domain/user/conflicts.ts";
import { SOURCES } from "../../../domain/user/fields.ts";
import { winnerOf } from "../../../domain/user/precedence.ts";
import { play, refusalOf, typesOf } from "../../support/domain.ts";
import { BASIC_DATA } from "../../support/domain-commands.ts";

describe("an operator's correction", () => {
  test("A11 stands above the three sources, whoever speaks later", () => {
    const stage = play();
    stage.create({ userData: { dob: "1990-05-15" } });
    const { events, answer } = stage.correct({ dob: "1990-05-16" }, " the passport says so ");
    expect(events).toMatchObject([
      {
        type: "user.data_updated",
        actor: { kind: "operator" },
        data: { paths: ["dob"], source: "operator" },
        private: { reason: "the passport says so" },
      },
    ]);
    expect(answer).toMatchObject({ kind: "user_updated", userState: "data_incomplete" });
    const later = stage.update({ dob: "1990-05-17" });
    expect(later.answer).toMatchObject({
      ignoredFields: [{ path: "dob", reason: "lower_precedence", winningSource: "operator" }],
    });
    expect(winnerOf(stage.user(), "dob")).toMatchObject({ source: "operator", value: "1990-05-16" });
    expect(SOURCES[0]).toBe("operator");
    expect(conflictsOf(stage.user())).toMatchObject([
      { path: "dob", winningSource: "operator", losingSource: "partner_api" },
    ]);
  });

  test("A11 A4 it can be removed again; what the sources said surfaces", () => {
    const stage = play();
    stage.create({ userData: { dob: "1990-05-15" } });
    stage.correct({ dob: "1990-05-16" });
    const { events } = stage.remove("dob", "operator");
    expect(events).toMatchObject([{ actor: { kind: "operator" }, data: { paths: ["dob"], source: "operator" } }]);
    expect(winnerOf(stage.user(), "dob")).toMatchObject({ source: "partner_api", value: "1990-05-15" });
  });

  test("A11 only with a reason, of a known user, and only from an operator", () => {
    const stage = play();
    expect(refusalOf(() => stage.correct({ dob: "1990-05-15" })).code).toBe("RESOURCE_NOT_FOUND");
    stage.create();
    const { code, facts } = refusalOf(() => stage.correct({ dob: "1990-05-15" }, "  "));
    expect(code).toBe("INVALID_REQUEST");
    expect(facts.details).toEqual([{ path: "reason", code: "required", message: "The reason field is required" }]);
    expect(stage.user().assertions).toEqual({});
    expect(() =>
      stage.send({
        ...{ partner: "acme", environment: "test", referenceId: "user_12345", commandId: "cmd_acme_000000000099" },
        ...{ issuedAt: stage.clock.now(), replyTo: null, values: {}, type: "CorrectUser" },
        actor: { kind: "partner", id: null },
        payload: { userData: { paths: [], notApplicable: [], empty: [] }, reason: "because" },
      }),
    ).toThrow("a partner speaks as an operator");
  });

  test("A11 D6 it completes a user and supersedes the request like any data", () => {
    const stage = play();
    stage.create();
    expect(typesOf(stage.correct(BASIC_DATA))).toEqual([
      "user.data_updated",
      "user.state_changed",
      "user.data_request.closed",
    ]);
    expect(stage.user().state).toBe("data_complete");
    expect(stage.request().status).toBe("superseded");
  });
});
