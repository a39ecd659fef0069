import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { evolve, replay, UNKNOWN_USER } from "../../domain/evolve.ts";
import { isActive, isEnded } from "../../domain/link/states.ts";
import { isOpen } from "../../domain/operation/states.ts";
import { type Path, SOURCES, type Source } from "../../domain/user/fields.ts";
import { outranks, winnersOf } from "../../domain/user/precedence.ts";
import { checkOrder } from "../../simulation/checks/check-order.ts";
import { LEGAL_MOVES } from "../support/legal-moves.ts";
import { playHistory, randomHistories } from "./random-history.ts";

/**
 * Random histories through `decide`: any settings, any commands in any order, duplicates, stale pages, a clock that moves
 * both ways. Beside what each test says, the playground witnesses every single command of them.
 */
const RUNS = { numRuns: 60 };
const MAXIMUM_STEPS = 50;

/** The record after each event. */
function moments(history: readonly UserEvent[]): readonly UserRecord[] {
  let record = UNKNOWN_USER;
  return history.map((event) => {
    record = evolve(record, event);
    return record;
  });
}

describe("for any history", { timeout: 60_000 }, () => {
  test("P1 the words of a history in any order, some of them twice, make the same winners", () => {
    const orders = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });
    const check = fc.property(randomHistories(MAXIMUM_STEPS), orders, (history, order) => {
      const events = playHistory(history).history();
      const placeOf = ({ sequence }: UserEvent): number => (order[sequence % order.length] ?? 0) % 97;
      checkOrder(
        events,
        events.toSorted((a, b) => placeOf(a) - placeOf(b)),
      );
    });
    fc.assert(check, RUNS);
  });

  test("P2 A7 the winner is always the strongest source that has spoken", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      playHistory(history, (stage) => {
        const { user } = stage.record();
        if (user === null) return;
        for (const [path, winner] of Object.entries(winnersOf(user))) {
          const spoken = SOURCES.filter((source) => user.assertions[path as Path]?.[source] !== undefined);
          expect(spoken.filter((source) => outranks(source, winner.source))).toEqual([]);
        }
      });
    });
    fc.assert(check, RUNS);
  });

  test("P3 at no point has a user two active links", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      playHistory(history, (stage) => {
        const { user, links } = stage.record();
        const times = [stage.clock.now(), user?.lastAt ?? stage.clock.now(), "1970-01-01T00:00:00.000Z"];
        for (const at of times) expect(links.filter((link) => isActive(link, at)).length).toBeLessThanOrEqual(1);
      });
    });
    fc.assert(check, RUNS);
  });

  test("P4 every state path that is emitted is legal, and begins where the last one ended", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      let state: string = "pending";
      for (const event of playHistory(history).history()) {
        if (event.type !== "user.state_changed") continue;
        const { from, to } = event.data;
        expect(from).toBe(state);
        expect(LEGAL_MOVES.user[from]).toContain(to);
        state = to;
      }
    });
    fc.assert(check, RUNS);
  });

  test("P5 replaying what was stored gives the stored user, with all that belongs to it", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      const stage = playHistory(history);
      const stored = JSON.parse(JSON.stringify(stage.history())) as readonly UserEvent[];
      expect(replay(stored)).toEqual({ ...stage.record(), heldResults: [] });
    });
    fc.assert(check, RUNS);
  });

  test("P6 whatever is refused leaves the version alone; whatever changes something moves it by one", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      const versions = new Map<string, Set<number>>();
      for (const { commandId, userVersion } of playHistory(history).history()) {
        versions.set(commandId, new Set([...(versions.get(commandId) ?? []), userVersion]));
      }
      expect([...versions.values()].map((of) => [...of])).toEqual([...versions.keys()].map((_, index) => [index + 1]));
    });
    fc.assert(check, RUNS);
  });

  test("P8 an expired or revoked link stays as it ended, whichever way the clock moves", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      const ended = new Map<string, unknown>();
      for (const { links } of moments(playHistory(history).history())) {
        for (const link of links.filter(({ status }) => isEnded(status))) {
          if (ended.has(link.linkId)) expect(link).toEqual(ended.get(link.linkId));
          ended.set(link.linkId, link);
        }
      }
    });
    fc.assert(check, RUNS);
  });

  test("P11 G1 the sequence has no gap, and the time of a user never goes back", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      const events = playHistory(history).history();
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      const times = events.map(({ at }) => at);
      expect(times).toEqual(times.toSorted());
    });
    fc.assert(check, RUNS);
  });

  test("P7 the payment method that counts is byte for byte one that a single source sent", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      const stage = playHistory(history);
      const sent = stage.history().flatMap((event) => {
        const stored =
          event.type === "user.created" || event.type === "user.data_updated" ? event.private.assertions : null;
        return stored?.values.paymentMethod === undefined ? [] : [JSON.stringify(stored.values.paymentMethod)];
      });
      const { user } = stage.record();
      const value = user === null ? undefined : winnersOf(user).paymentMethod?.value;
      if (value !== undefined) expect(sent).toContain(JSON.stringify(value));
    });
    fc.assert(check, RUNS);
  });

  test("A4 A11 taking a word back touches nobody else's word, and nothing but that path", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      let before = UNKNOWN_USER;
      for (const event of playHistory(history).history()) {
        const after = evolve(before, event);
        const removed = event.type === "user.data_updated" ? (event.data.removedPaths ?? []) : [];
        for (const path of removed) {
          const { source } = event.data as { readonly source: Source };
          const { [source]: _removed, ...others } = before.user?.assertions[path] ?? {};
          expect(after.user?.assertions[path] ?? {}).toEqual(others);
          expect({ ...after.user?.assertions, [path]: null }).toEqual({ ...before.user?.assertions, [path]: null });
        }
        before = after;
      }
    });
    fc.assert(check, RUNS);
  });

  test("C8 E2 J5 a link that a transfer commits ends in no other way than by the transfer's completion", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      let before = UNKNOWN_USER;
      for (const event of playHistory(history).history()) {
        const after = evolve(before, event);
        for (const link of before.links.filter(({ committedOperationId }) => committedOperationId !== null)) {
          const now = after.links.find(({ linkId }) => linkId === link.linkId);
          expect(now?.status).toBe("in_progress");
        }
        before = after;
      }
    });
    fc.assert(check, RUNS);
  });

  test("J4 J6 the first final outcome of a transfer stays, whoever says what later", () => {
    const check = fc.property(randomHistories(MAXIMUM_STEPS), (history) => {
      const ended = new Map<string, string>();
      for (const { operations } of moments(playHistory(history).history())) {
        for (const { operationId, status } of operations.filter((operation) => !isOpen(operation.status))) {
          expect(ended.get(operationId) ?? status).toBe(status);
          ended.set(operationId, status);
        }
      }
    });
    fc.assert(check, RUNS);
  });
});
