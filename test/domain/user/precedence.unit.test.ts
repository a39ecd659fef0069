import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UserEvent } from "../../../domain/events.ts";
import { evolve } from "../../../domain/evolve.ts";
import { type Path, SOURCES, type Source } from "../../../domain/user/fields.ts";
import { outranks, winnersOf } from "../../../domain/user/precedence.ts";
import { type Applied, type Play, play, refusalOf, typesOf } from "../../support/domain.ts";
import { BANK_ACCOUNT, CARD, type UserDataBody } from "../../support/domain-commands.ts";

/** The user says it on the page, the partner answers a data request, or the partner creates the next link. */
const SAYS: { readonly [source in Source]: (stage: Play, userData: UserDataBody) => Applied } = {
  operator: (stage, userData) => stage.correct(userData),
  partner_api: (stage, userData) => {
    stage.clock.advanceMinutes(61);
    const created = stage.create({ userData });
    stage.open();
    return created;
  },
  partner_webhook: (stage, userData) => stage.answer(userData),
  widget: (stage, userData) => stage.provide(userData),
};

/** An opened link, a data request that asked for everything, and nobody who has said a word. */
function begun(): Play {
  const stage = play();
  stage.create();
  stage.open();
  return stage;
}

/** What counts: value and source of each path. */
function winners(stage: Play) {
  return Object.fromEntries(
    Object.entries(winnersOf(stage.user())).map(([path, { value, source }]) => [path, [value, source]]),
  );
}

describe("who wins", () => {
  test.each<[Source, Source]>([
    ["partner_webhook", "partner_api"],
    ["widget", "partner_api"],
    ["widget", "partner_webhook"],
  ])("S7 A7 what %s said first gives way to %s at once, and stays as a losing word", (lower, higher) => {
    const stage = begun();
    SAYS[lower](stage, { idNumber: "GALO900515" });
    expect(winners(stage)).toEqual({ idNumber: ["GALO900515", lower] });
    const { events } = SAYS[higher](stage, { idNumber: "XEXX010101" });
    expect(winners(stage)).toEqual({ idNumber: ["XEXX010101", higher] });
    expect(stage.user().values.idNumber).toEqual({ [lower]: "GALO900515", [higher]: "XEXX010101" });
    const updated = events.find(({ type }) => type === "user.data_updated");
    expect(updated?.data).toMatchObject({ paths: ["idNumber"], shadowedPaths: [], source: higher });
  });

  test.each<[Source, Source]>([
    ["partner_api", "partner_webhook"],
    ["partner_api", "widget"],
    ["partner_webhook", "widget"],
  ])("S7 A8 what %s said is not overwritten by %s; the losing word is kept and named", (higher, lower) => {
    const stage = begun();
    SAYS[higher](stage, { dob: "1990-05-15" });
    const { answer, events } = SAYS[lower](stage, { dob: "1991-05-15" });
    expect(winners(stage)).toEqual({ dob: ["1990-05-15", higher] });
    expect(stage.user().values.dob).toEqual({ [higher]: "1990-05-15", [lower]: "1991-05-15" });
    expect(answer).toMatchObject({
      ignoredFields: [{ path: "dob", reason: "lower_precedence", winningSource: higher }],
    });
    expect(events[0]?.data).toMatchObject({ paths: [], shadowedPaths: ["dob"], source: lower });
  });

  test("A8 a lower source that only agrees is kept without a word about it", () => {
    const stage = begun();
    SAYS.partner_api(stage, { name: { firstName: "Juan" } });
    const { answer } = SAYS.widget(stage, { name: { firstName: " Juan " } });
    expect(answer).toMatchObject({ ignoredFields: [] });
    expect(stage.user().values["name.firstName"]).toEqual({ partner_api: "Juan", widget: " Juan " });
  });

  test("A1 each leaf stands for itself: a first name says nothing about the last name", () => {
    const stage = begun();
    SAYS.widget(stage, { name: { firstName: "Juan", lastName: "Garcia" } });
    SAYS.partner_api(stage, { name: { firstName: "Juana" } });
    expect(winners(stage)).toEqual({
      "name.firstName": ["Juana", "partner_api"],
      "name.lastName": ["Garcia", "widget"],
    });
  });

  test("A2 P7 a payment method is one word: it is replaced whole and never mixed", () => {
    const stage = begun();
    SAYS.widget(stage, { paymentMethod: CARD });
    SAYS.partner_api(stage, { paymentMethod: BANK_ACCOUNT });
    SAYS.widget(stage, { paymentMethod: { ...CARD, card: { token: "tok_other" } } });
    expect(winners(stage)).toEqual({ paymentMethod: [BANK_ACCOUNT, "partner_api"] });
    expect(JSON.stringify(winnersOf(stage.user()).paymentMethod?.value)).toBe(JSON.stringify(BANK_ACCOUNT));
  });

  test("A3 idType and idNumber follow the leaf rule, also when their winners differ in source", () => {
    const stage = begun();
    SAYS.partner_api(stage, { idType: "CURP" });
    SAYS.widget(stage, { idType: "PASSPORT", idNumber: "G12345678" });
    expect(winners(stage)).toEqual({ idType: ["CURP", "partner_api"], idNumber: ["G12345678", "widget"] });
  });

  test("A4 null, empty and blank mean not provided: nothing is erased, and the caller is told", () => {
    const stage = begun();
    SAYS.widget(stage, { name: { firstName: "Juan" }, paymentMethod: CARD });
    const empty = { name: { firstName: "", secondName: null, lastName: "  " }, paymentMethod: null };
    const { answer } = SAYS.partner_api(stage, empty);
    expect(winners(stage)).toEqual({ "name.firstName": ["Juan", "widget"], paymentMethod: [CARD, "widget"] });
    expect(answer).toMatchObject({
      ignoredFields: [
        { path: "name.firstName", reason: "empty_value" },
        { path: "name.secondName", reason: "empty_value" },
        { path: "name.lastName", reason: "empty_value" },
        { path: "paymentMethod", reason: "empty_value" },
      ],
    });
  });

  test("A4 'has none' is a word with a source and a rank: it loses to a higher one and wins over a lower one", () => {
    const stage = begun();
    SAYS.widget(stage, { name: { secondName: "Carlos" } });
    SAYS.partner_webhook(stage, { notApplicable: ["name.secondName"] });
    expect(winners(stage)).toEqual({ "name.secondName": [null, "partner_webhook"] });
    SAYS.partner_api(stage, { name: { secondName: "Luis" } });
    expect(winners(stage)).toEqual({ "name.secondName": ["Luis", "partner_api"] });
    SAYS.partner_api(stage, { notApplicable: ["name.secondName"] });
    expect(winners(stage)).toEqual({ "name.secondName": [null, "partner_api"] });
    expect(stage.user().values["name.secondName"]).toEqual({ widget: "Carlos" });
  });

  test("A6 what a higher source left blank a lower one may fill, and it wins until the higher one speaks", () => {
    const stage = begun();
    SAYS.partner_api(stage, { name: { firstName: "Juan", secondName: "" } });
    expect(SAYS.widget(stage, { name: { secondName: "Carlos" } }).answer).toMatchObject({ ignoredFields: [] });
    expect(winners(stage)["name.secondName"]).toEqual(["Carlos", "widget"]);
    SAYS.partner_api(stage, { name: { secondName: "Luis" } });
    expect(winners(stage)["name.secondName"]).toEqual(["Luis", "partner_api"]);
  });

  test("A9 a payment method that the partner does not offer refuses the whole request", () => {
    const stage = begun();
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, allowedPaymentMethods: ["cash"] } };
    const before = stage.record();
    const body = { name: { firstName: "Juan" }, paymentMethod: CARD };
    for (const source of SOURCES.toReversed()) {
      const { code, facts } = refusalOf(() => SAYS[source](stage, body));
      expect(code).toBe("INVALID_REQUEST");
      const message = "userData.paymentMethod.type must be one of: cash";
      expect(facts.details).toEqual([{ path: "userData.paymentMethod.type", code: "not_allowed", message }]);
    }
    expect(stage.record()).toBe(before);
  });
});

describe("the same source again", () => {
  test.each<[string, UserDataBody, UserDataBody]>([
    ["spaces", { name: { firstName: "Ana  Maria " } }, { name: { firstName: "Ana Maria" } }],
    ["a composed accent", { name: { lastName: "Garci\u0301a" } }, { name: { lastName: "García" } }],
    ["separators and capitals of an idNumber", { idNumber: "galo-900515" }, { idNumber: "GALO 900515" }],
    ["the order of keys", { paymentMethod: CARD }, { paymentMethod: { card: CARD.card, type: "card" } }],
    ["'has none'", { notApplicable: ["name.secondName"] }, { notApplicable: ["name.secondName"] }],
  ])("A5 an equal word, %s apart, is no new version and no event, only confirmed", (_, first, again) => {
    const stage = begun();
    SAYS.widget(stage, first);
    const before = stage.record();
    stage.clock.advanceMinutes(1);
    const { events, confirmations } = SAYS.widget(stage, again);
    expect(events).toEqual([]);
    expect(stage.record()).toBe(before);
    const [path] = Object.keys(before.user?.assertions ?? {});
    expect(confirmations).toEqual([{ path, source: "widget", at: "2026-03-01T12:01:00.000Z" }]);
  });

  test("A5 an equal image, uploaded again, is no new version", () => {
    const stage = begun();
    const image = { imageId: "img_1", sha256: "9f86d081884c7d65", sizeInBytes: 1_000 };
    SAYS.widget(stage, { idImage: image });
    expect(typesOf(SAYS.widget(stage, { idImage: { ...image, imageId: "img_2" } }))).toEqual([]);
    expect(typesOf(SAYS.widget(stage, { idImage: { ...image, sha256: "60303ae22b998861" } }))).toEqual([
      "user.data_updated",
    ]);
  });

  test("A5 G2 a different word replaces the older one; the order is ours, whatever the sender's clock says", () => {
    const stage = begun();
    SAYS.widget(stage, { name: { firstName: "Juan" } });
    stage.clock.advanceMinutes(-600);
    SAYS.widget(stage, { name: { firstName: "JUAN" } });
    expect(stage.user().values["name.firstName"]).toEqual({ widget: "JUAN" });
  });
});

const assertion = fc.record({
  path: fc.constantFrom<Path>("name.firstName", "name.secondName", "idNumber", "dob"),
  source: fc.constantFrom(...SOURCES),
  value: fc.constantFrom("one", "two", "three", null),
});

describe("for any history", () => {
  test("P1 the same assertions in any order and any number, sequences fixed, give the same winners", () => {
    const stage = play();
    const [created] = stage.create().events;
    const shuffled = fc
      .array(assertion, { minLength: 1, maxLength: 12 })
      .map((said) => said.map((one, index) => updated(created as UserEvent, { ...one, sequence: index + 2 })))
      .chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
      );
    fc.assert(
      fc.property(shuffled, ([events, others]) => {
        const winnersAfter = (history: readonly UserEvent[]) =>
          winnersOf([created as UserEvent, ...history].reduce(evolve, { ...stage.record(), user: null }).user as never);
        expect(winnersAfter(others)).toEqual(winnersAfter(events));
      }),
      { numRuns: 100 },
    );
  });

  test("P2 a lower source never changes what a higher one made the winner", () => {
    const word = fc.tuple(fc.constantFrom(...SOURCES), fc.constantFrom("Juan", "Juana", "Luis"));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 10 }), (words) => {
        const stage = begun();
        for (const [source, firstName] of words) {
          const before = winnersOf(stage.user())["name.firstName"];
          SAYS[source](stage, { name: { firstName } });
          const after = winnersOf(stage.user())["name.firstName"];
          if (before !== undefined && outranks(before.source, source)) expect(after).toEqual(before);
          else expect(after).toMatchObject({ source, value: firstName });
        }
      }),
      { numRuns: 50 },
    );
  });
});

interface Said {
  readonly path: Path;
  readonly source: Source;
  readonly value: string | null;
  readonly sequence: number;
}

function updated(created: UserEvent, { path, source, value, sequence }: Said): UserEvent {
  const values = value === null ? {} : { [path]: value };
  const notApplicable = value === null ? [path] : [];
  return {
    ...created,
    type: "user.data_updated",
    sequence,
    data: { referenceId: "user_12345", userId: created.userId, paths: [], shadowedPaths: [], source, state: "pending" },
    private: { assertions: { source, values, notApplicable }, dataRequestId: null, widgetLinkId: null },
  } as UserEvent;
}
