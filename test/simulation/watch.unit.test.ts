import { describe, expect, test } from "vitest";
import type { UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { replay } from "../../domain/evolve.ts";
import { checkOrder } from "../../simulation/checks/check-order.ts";
import type { Violation } from "../../simulation/checks/violation.ts";
import { createWatch } from "../../simulation/checks/watch.ts";
import { play } from "../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../support/domain-commands.ts";

interface Stored {
  readonly record: UserRecord;
  readonly history: readonly UserEvent[];
}

/** A user who got as far as a running transfer, as it is stored. */
function stored(): Stored {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  stage.confirm();
  return { record: stage.record(), history: stage.history() };
}

/** The property that a watch finds broken, or null. */
function brokenIn({ record, history }: Stored): string | null {
  const store = { recordOf: () => record, historyOf: (_: unknown, after = 0) => history.slice(after) };
  const watch = createWatch({ store, isValidEvent: () => [], random: () => 0, schemaShare: 0 });
  const [first] = history;
  if (first === undefined) throw new Error("a history has a beginning");
  watch.sent({ ...first.address, values: { paymentMethod: BANK_ACCOUNT } } as Parameters<typeof watch.sent>[0]);
  try {
    watch.look(first.address);
    return null;
  } catch (thrown) {
    return (thrown as Violation).property;
  }
}

function withEvent({ record, history }: Stored, index: number, change: object): Stored {
  return {
    record,
    history: history.map((event, at) => (at === index ? ({ ...event, ...change } as UserEvent) : event)),
  };
}

function withUser({ record, history }: Stored, change: Partial<NonNullable<UserRecord["user"]>>): Stored {
  return { history, record: { ...record, user: record.user === null ? null : { ...record.user, ...change } } };
}

/** One more event, of a command of its own, a year after the last. */
function followedBy({ record, history }: Stored, event: object): Stored {
  const last = history.at(-1);
  const year = Number(last?.at.slice(0, 4)) + 1;
  const next = {
    ...last,
    ...{ sequence: (last?.sequence ?? 0) + 1, userVersion: (last?.userVersion ?? 0) + 1, commandId: `cmd_${year}` },
    ...{ at: `${year}-01-01T00:00:00.000Z`, private: null },
    ...event,
  };
  return { record, history: [...history, next as UserEvent] };
}

/** A word of partner_api about the date of birth, in an event that says who spoke. */
function withWord(story: Stored, source: "partner_api" | "widget", dob: string): Stored {
  const hidden = { assertions: { source: "partner_api", values: { dob }, notApplicable: [] } };
  return followedBy(story, { type: "user.data_updated", data: { paths: ["dob"], source }, private: hidden });
}

/** The same private part of an event, with another account wherever there is one. */
function withOtherAccount(hidden: UserEvent["private"]): unknown {
  return JSON.parse(JSON.stringify(hidden).replaceAll(BANK_ACCOUNT.bankAccount.accountNumber, "000000000000000001"));
}

const at = ({ history }: Stored, type: UserEvent["type"]): number => history.findIndex((event) => event.type === type);

/** A story that is told wrongly, and the property that this breaks. */
const PLANTED: readonly (readonly [property: string, what: string, plant: (story: Stored) => Stored])[] = [
  ["P11", "an event is missing", ({ record, history }) => ({ record, history: history.toSpliced(2, 1) })],
  ["P6", "the version moves within a command", (story) => withEvent(story, 1, { userVersion: 9 })],
  ["G1", "time goes back", (story) => withEvent(story, at(story, "link.opened"), { at: "2020-01-01T00:00:00.000Z" })],
  ["H3", "an event holds a value", (story) => withEvent(story, 1, { data: { linkId: "Muñoz" } })],
  [
    "P3",
    "a user has two active links",
    ({ record, history }) => {
      const [first] = record.links;
      const last = history.at(-1);
      const event = {
        ...last,
        ...{ type: "link.created", sequence: (last?.sequence ?? 0) + 1, commandId: "cmd_second" },
        ...{ at: "2026-03-01T13:00:00.000Z", userVersion: (last?.userVersion ?? 0) + 1 },
        ...{
          data: { linkId: "link_second" },
          private: { link: { ...first, linkId: "link_second", status: "created" } },
        },
      };
      const told = [...history, event as UserEvent];
      return { record: { ...replay(told), heldResults: record.heldResults }, history: told };
    },
  ],
  ["P2", "a weaker source takes a field from a stronger one", (story) => withWord(story, "widget", "1991-01-01")],
  [
    "P7",
    "the payment method is one that nobody sent",
    (story) => {
      const history = story.history.map(
        (event) => ({ ...event, private: withOtherAccount(event.private) }) as UserEvent,
      );
      return { history, record: { ...replay(history), heldResults: story.record.heldResults } };
    },
  ],
  [
    "P8",
    "an expired link is opened again",
    (story) => {
      const begun = { ...story, history: story.history.slice(0, at(story, "link.opened")) };
      const { linkId = "" } = story.record.links[0] ?? {};
      const over = { type: "link.expired", data: { linkId, status: "expired" } };
      return [over, { type: "link.opened", data: { linkId, status: "opened" } }].reduce(followedBy, begun);
    },
  ],
  ["P5", "a row says something else", (story) => withUser(story, { state: "data_complete" })],
  [
    "P4",
    "a state is skipped",
    (story) =>
      withEvent(story, at(story, "user.state_changed"), {
        data: { from: "pending", to: "cip_verified" },
      }),
  ],
  [
    "C8",
    "a committed link expires",
    (story) => {
      const last = story.history.at(-1);
      const { linkId = "" } = story.record.links[0] ?? {};
      const event = {
        ...last,
        ...{ type: "link.expired", sequence: (last?.sequence ?? 0) + 1, private: null, commandId: "cmd_late" },
        ...{ at: "2027-01-01T00:00:00.000Z", userVersion: (last?.userVersion ?? 0) + 1 },
        data: { linkId, status: "expired" },
      };
      return { ...story, history: [...story.history, event as UserEvent] };
    },
  ],
];

describe("whoever looks on", () => {
  test("has nothing to say of a story that is told as it was", () => {
    expect(brokenIn(stored())).toBeNull();
  });

  test.each(PLANTED)("sees that %s does not hold when %s", (property, _, plant) => {
    expect(brokenIn(plant(stored()))).toBe(property);
  });

  test("P1 sees when the order of arrival decides, and lets any order of the same sequences pass", () => {
    const { history } = withWord(withWord(stored(), "partner_api", "1991-01-01"), "partner_api", "1992-01-01");
    const reversed = history.toReversed();
    expect(() => checkOrder(history, reversed)).not.toThrow();
    const arrived = reversed.map((event, index) => ({ ...event, sequence: index + 1 }));
    expect(() => checkOrder(history, arrived)).toThrow("P1");
  });

  test("P11 hears when an event comes before the one it follows, and lets a repetition pass", () => {
    const { record, history } = stored();
    const store = { recordOf: () => record, historyOf: () => history };
    const watch = createWatch({ store, isValidEvent: () => [], random: () => 0, schemaShare: 0 });
    const address = { partner: "acme", environment: "test", referenceId: "user_12345" } as const;
    for (const sequence of [1, 2, 1, 2, 3]) watch.heard(address, sequence);
    expect(() => watch.heard(address, 5)).toThrow("P11");
  });
});
