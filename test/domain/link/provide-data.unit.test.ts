import { describe, expect, test } from "vitest";
import { play, refusalOf, typesOf } from "../../support/domain.ts";
import { BASIC_DATA, CARD } from "../../support/domain-commands.ts";

function opened() {
  const stage = play();
  stage.create();
  stage.open();
  return stage;
}

describe("the user types what is missing", () => {
  test("S9 S4 the first accepted data puts the link into progress, once", () => {
    const stage = opened();
    expect(typesOf(stage.provide({ dob: "1990-05-15" }))).toEqual(["user.data_updated", "link.in_progress"]);
    expect(typesOf(stage.provide({ idNumber: "GALO900515" }))).toEqual(["user.data_updated"]);
    expect(stage.link().status).toBe("in_progress");
  });

  test("S9 what stores nothing is no progress", () => {
    const stage = opened();
    expect(stage.provide({ dob: null }).events).toEqual([]);
    expect(stage.link().status).toBe("opened");
  });

  test("S5 with the last field the user is data_complete", () => {
    const stage = opened();
    const { name, ...rest } = BASIC_DATA;
    stage.provide({ name });
    expect(stage.user().state).toBe("data_incomplete");
    const { events } = stage.provide(rest);
    expect(events.find(({ type }) => type === "user.state_changed")?.data).toEqual({
      referenceId: "user_12345",
      userId: stage.user().userId,
      from: "data_incomplete",
      to: "data_complete",
      reason: "data_provided",
    });
  });

  test("C11 the version counts accepted writes of this link; a stale one is refused and stores nothing", () => {
    const stage = opened();
    expect(stage.link().widgetVersion).toBe(0);
    stage.provide({ dob: "1990-05-15" }, { version: 0 });
    expect(stage.link().widgetVersion).toBe(1);
    const before = stage.record();
    for (const version of [0, 2]) {
      expect(refusalOf(() => stage.provide({ dob: "1991-05-15" }, { version }))).toEqual({
        code: "STEP_OUT_OF_DATE",
        message: "This page is out of date; reload it and try again",
        facts: {},
      });
    }
    expect(stage.record()).toBe(before);
    stage.provide({ dob: "1991-05-15" }, { version: 1 });
    expect(stage.link().widgetVersion).toBe(2);
  });

  test("C11 nothing but this link's own writes moves the version", () => {
    const stage = opened();
    stage.answer({ idNumber: "GALO900515" });
    stage.provide({ name: { firstName: "Juan" } });
    stage.provide({ name: { firstName: "Juan" } });
    expect(stage.link().widgetVersion).toBe(1);
    stage.clock.advanceMinutes(61);
    stage.create({ userData: { dob: "1990-05-15" } });
    expect(stage.link().widgetVersion).toBe(0);
  });

  test("S9 the page's steps need an opened link", () => {
    const stage = play();
    stage.create();
    expect(refusalOf(() => stage.provide({ paymentMethod: CARD }))).toMatchObject({
      code: "LINK_NOT_OPEN",
      facts: { status: "created" },
    });
    expect(refusalOf(() => stage.submitCip()).code).toBe("LINK_NOT_OPEN");
    expect(refusalOf(() => stage.confirm()).code).toBe("LINK_NOT_OPEN");
  });

  test("C8 a committed link still takes data, and what was frozen stays", () => {
    const stage = play();
    stage.create({ userData: BASIC_DATA });
    stage.open();
    stage.provide({ paymentMethod: CARD });
    stage.submitCip();
    stage.cipResult();
    stage.confirm();
    stage.clock.advanceMinutes(600);
    stage.provide({ paymentMethod: { type: "cash", cash: { provider: "oxxo" } } });
    expect(stage.operation().paymentMethod).toEqual(CARD);
  });
});
