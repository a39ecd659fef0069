import { describe, expect, test } from "vitest";
import { DATA_REQUEST_TRANSITIONS, isWaiting } from "../../domain/data-request/states.ts";
import { isEnded, LINK_TRANSITIONS } from "../../domain/link/states.ts";
import { isLegalOperationMove, isOpen, OPERATION_TRANSITIONS } from "../../domain/operation/states.ts";
import { isLegalMove, USER_TRANSITIONS } from "../../domain/user/states.ts";
import { LEGAL_MOVES } from "../support/legal-moves.ts";

describe("the tables of moves", () => {
  test.each([
    ["S5 a user's", USER_TRANSITIONS, LEGAL_MOVES.user],
    ["S9 a link's", LINK_TRANSITIONS, LEGAL_MOVES.link],
    ["D5 a data request's", DATA_REQUEST_TRANSITIONS, LEGAL_MOVES.dataRequest],
    ["J4 an operation's", OPERATION_TRANSITIONS, LEGAL_MOVES.operation],
  ])("P4 %s moves are those of the rules", (_, table, rules) => {
    const sorted = (moves: Readonly<Record<string, readonly string[]>>) =>
      Object.fromEntries(Object.entries(moves).map(([from, to]) => [from, [...to].sort()]));
    expect(sorted(table)).toEqual(sorted(rules));
  });

  test("S5 a move is legal exactly when the table has it", () => {
    expect(isLegalMove("cip_pending", "cip_verified")).toBe(true);
    expect(isLegalMove("data_incomplete", "cip_pending")).toBe(false);
    expect(isLegalMove("cip_verified", "cip_verified")).toBe(false);
    expect(isLegalOperationMove("created", "completed")).toBe(true);
    expect(isLegalOperationMove("completed", "failed")).toBe(false);
  });

  test("S9 completed, expired and revoked are final", () => {
    const ended = Object.keys(LINK_TRANSITIONS).filter((status) => isEnded(status as keyof typeof LINK_TRANSITIONS));
    expect(ended).toEqual(["completed", "expired", "revoked"]);
    expect(isWaiting("partially_answered")).toBe(true);
    expect(isWaiting("superseded")).toBe(false);
    expect(isOpen("processing")).toBe(true);
    expect(isOpen("cancelled")).toBe(false);
  });
});
