import assert from "node:assert/strict";
import type { Command } from "../../domain/commands.ts";
import type { Decision, UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { evolve, UNKNOWN_USER } from "../../domain/evolve.ts";
import type { LinkStatus } from "../../domain/link/link.ts";
import { checkLoading } from "./domain-loading.ts";
import { LEGAL_MOVES } from "./legal-moves.ts";

export interface Observation {
  readonly command: Command;
  readonly before: UserRecord;
  readonly decision: Decision;
  readonly now: string;
  /** The same command, moment and ids, on another record. */
  readonly decideOn: (record: UserRecord) => Decision;
}

/**
 * Looks on at every command and insists on what must hold for any history (rules.md "Properties"): a refusal changes
 * nothing (P6), sequences have no gap (P11), every move is legal (P4), one link at most (P3), what ended stays ended
 * (P8), the history tells the same story (P5), and no value of a field leaves (H3).
 */
export function createWitness(begun: UserRecord = UNKNOWN_USER) {
  const secrets = new Set<string>();
  let retold: UserRecord = { ...begun, heldResults: [] };
  return {
    observe(observation: Observation): void {
      const { command, before, decision } = observation;
      for (const secret of secretsOf(command.values)) secrets.add(secret);
      checkLoading(observation);
      if (decision.outcome === "refused") {
        checkKeepsSecrets(decision.refusal, secrets);
        return;
      }
      checkSequence(before, decision.events, decision.record);
      checkMoves(before, decision.events);
      checkLinks(before, decision.record);
      for (const { data } of decision.events) checkKeepsSecrets(data, secrets);
      checkKeepsSecrets(decision.answer, secrets);
      retold = decision.events.reduce((story, event) => evolve(story, copied(event)), retold);
      assert.deepStrictEqual({ ...decision.record, heldResults: [] }, retold, "P5: the history tells another story");
    },
  };
}

/** Freezes a value and all in it, so that a rule that changes something in place fails at once (P6). */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

/** As it comes back from a column of the database. */
function copied(event: UserEvent): UserEvent {
  return JSON.parse(JSON.stringify(event)) as UserEvent;
}

function checkSequence(before: UserRecord, events: readonly UserEvent[], after: UserRecord): void {
  const start = before.user?.lastSequence ?? 0;
  const version = (before.user?.version ?? 0) + (events.length > 0 ? 1 : 0);
  const sequences = events.map(({ sequence }) => sequence);
  assert.deepEqual(
    sequences,
    events.map((_, index) => start + index + 1),
    "P11: a gap in the sequence",
  );
  assert.ok(
    events.every(({ userVersion }) => userVersion === version),
    "the version moves once per command",
  );
  assert.equal(after.user?.version ?? 0, version);
  assert.equal(after.user?.lastSequence ?? 0, start + events.length);
  assert.ok(
    events.every(({ at }) => before.user === null || Date.parse(at) > Date.parse(before.user.lastAt)),
    "G1: the time of a user went back",
  );
}

function checkMoves(before: UserRecord, events: readonly UserEvent[]): void {
  let record = before;
  for (const event of events) {
    const next = evolve(record, event);
    const from = record.user?.state ?? null;
    const to = next.user?.state ?? null;
    if (from === null) assert.equal(to, "pending");
    else if (from !== to) {
      assert.equal(event.type, "user.state_changed", "S16: the state moved without its event");
      checkMove(LEGAL_MOVES.user, from, to ?? "nothing");
    }
    checkEach(LEGAL_MOVES.link, record.links, next.links);
    checkEach(LEGAL_MOVES.dataRequest, record.dataRequests, next.dataRequests);
    checkEach(LEGAL_MOVES.operation, record.operations, next.operations);
    record = next;
  }
}

type Moves = Readonly<Record<string, readonly string[]>>;

function checkEach(
  moves: Moves,
  before: readonly { readonly status: string }[],
  after: readonly { readonly status: string }[],
): void {
  for (const [index, { status }] of before.entries()) {
    const next = after[index]?.status ?? "nothing";
    if (next !== status) checkMove(moves, status, next);
  }
}

function checkMove(moves: Moves, from: string, to: string): void {
  assert.ok(moves[from]?.includes(to), `P4: ${from} → ${to} is no legal move`);
}

const ENDED: readonly LinkStatus[] = ["completed", "expired", "revoked"];

function checkLinks(before: UserRecord, after: UserRecord): void {
  const alive = after.links.filter(({ status }) => !ENDED.includes(status));
  assert.ok(alive.length <= 1, "P3: two links at once");
  for (const link of before.links.filter(({ status }) => ENDED.includes(status))) {
    const now = after.links.find(({ linkId }) => linkId === link.linkId);
    assert.deepEqual(now?.status, link.status, "P8: an ended link lives again");
  }
  const waiting = after.dataRequests.filter(({ status }) => status === "open" || status === "partially_answered");
  assert.ok(waiting.length <= 1, "two data requests wait at once");
  assert.ok(waiting.length === 0 || alive.length === 1, "D11: a data request outlived its link");
}

function checkKeepsSecrets(said: unknown, secrets: ReadonlySet<string>): void {
  const text = JSON.stringify(said);
  for (const secret of secrets) assert.ok(!text.includes(secret), `H3: a value of a field left: ${text}`);
}

/** The texts in a command's values that would give a person away; codes and type names would not. */
function secretsOf(values: unknown): readonly string[] {
  if (typeof values === "string") return values.trim().length >= 4 ? [JSON.stringify(values).slice(1, -1)] : [];
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, inner]) => (key === "type" ? [] : secretsOf(inner)));
}
