import assert from "node:assert/strict";
import type { CipAttempt } from "../../domain/cip/attempt.ts";
import type { Command } from "../../domain/commands.ts";
import type { DataRequest } from "../../domain/data-request/data-request.ts";
import { decide } from "../../domain/decide.ts";
import type { Decision, DecisionContext, UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { UNKNOWN_USER } from "../../domain/evolve.ts";
import type { Link } from "../../domain/link/link.ts";
import type { Operation } from "../../domain/operation/operation.ts";
import { type PartnerSettings, type PartnerSnapshot, settingsOf } from "../../domain/partner.ts";
import type { Refusal } from "../../domain/refusals.ts";
import { policyLabel, policyOf } from "../../domain/user/required-fields.ts";
import type { User } from "../../domain/user/user.ts";
import { type CommandWriter, commandWriter } from "./domain-commands.ts";
import { createWitness, deepFreeze } from "./domain-witness.ts";

export type Applied = Extract<Decision, { readonly outcome: "applied" }>;

/** A command was refused where the test expected it to be applied; `refusalOf` is the way to expect a refusal. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`refused: ${refusal.code}`);
    this.name = "Refused";
    this.refusal = refusal;
  }
}

export interface PlayOptions {
  readonly referenceId?: string;
  readonly startsAt?: string;
  /** Goes on from where another stage stands, apart from it from then on; its history is not taken along. */
  readonly from?: Pick<Play, "record" | "clock">;
  readonly settings?: Partial<PartnerSettings>;
  /** Default: one endpoint that hears everything. */
  readonly endpoints?: PartnerSnapshot["endpoints"];
}

/** One user of one partner, and everything that happens to it; each command goes through `decide` and is witnessed. */
export interface Play extends CommandWriter<Applied> {
  readonly clock: ManualClock;
  /** The partner as the next command sees it. */
  partner: PartnerSnapshot;
  record(): UserRecord;
  history(): readonly UserEvent[];
  send(command: Command): Applied;
  user(): User;
  /** The newest of each kind. */
  link(): Link;
  request(): DataRequest;
  attempt(): CipAttempt;
  operation(): Operation;
}

export interface ManualClock {
  now(): string;
  advance(milliseconds: number): void;
  advanceMinutes(minutes: number): void;
  set(at: string): void;
}

export const STARTS_AT = "2026-03-01T12:00:00.000Z";
export const ADDRESSES = { widget: "https://widget.example", gateway: "https://api.example" };

/** Ids of a stage that goes on from another are none that the other has given. */
const GOING_ON = 1_000_000;

/** A stage with nobody on it yet: manual clock, counted ids, the default partner `acme`. */
export function play(options: PlayOptions = {}): Play {
  const { from } = options;
  const clock = manualClock(from?.clock.now() ?? options.startsAt ?? STARTS_AT);
  const history: UserEvent[] = [];
  let record = deepFreeze(from?.record() ?? UNKNOWN_USER);
  const witness = createWitness(record);
  const countFrom = from === undefined ? 0 : GOING_ON;
  let drawn = countFrom;
  const decideOn = (command: Command, given: UserRecord): { decision: Decision; drawn: number } => {
    let count = drawn;
    const newId: DecisionContext["newId"] = (kind) => `${kind}_acme_${String(++count).padStart(12, "0")}`;
    const context = { partner: deepFreeze(self.partner), now: clock.now(), addresses: ADDRESSES, newId };
    return { decision: decide(command, given, context), drawn: count };
  };
  const send = (command: Command): Applied => {
    deepFreeze(command);
    const { decision, drawn: count } = decideOn(command, record);
    const narrow = (given: UserRecord) => decideOn(command, given).decision;
    witness.observe({ command, before: record, decision, now: clock.now(), decideOn: narrow });
    if (decision.outcome === "refused") throw new Refused(decision.refusal);
    drawn = count;
    record = deepFreeze(decision.record);
    history.push(...decision.events);
    return decision;
  };
  const self: Play = {
    clock,
    partner: partnerSnapshot(options),
    record: () => record,
    history: () => history,
    send,
    user: () => present(record.user),
    link: () => present(record.links.at(-1)),
    request: () => present(record.dataRequests.at(-1)),
    attempt: () => present(record.attempts.toSorted((a, b) => a.number - b.number).at(-1)),
    operation: () => present(record.operations.at(-1)),
    ...commandWriter({
      ...{ send, record: () => record, clock, referenceId: options.referenceId ?? "user_12345" },
      ...{ policy: () => policyLabel(policyOf(self.partner.settings)), countFrom },
    }),
  };
  return self;
}

/** The refusal of what is tried inside; fails when it is not refused. */
export function refusalOf(attempt: () => unknown): Refusal {
  try {
    attempt();
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal;
    throw thrown;
  }
  assert.fail("expected a refusal, but the command was applied");
}

/** The types of the events, in order. */
export function typesOf({ events }: { readonly events: readonly UserEvent[] }): readonly string[] {
  return events.map(({ type }) => type);
}

/** The partner `acme` in `test`, with what a test wants different. */
export function partnerSnapshot({ settings = {}, endpoints = [{ events: null }] }: PlayOptions = {}): PartnerSnapshot {
  return { partner: "acme", environment: "test", isSuspended: false, settings: settingsOf(settings), endpoints };
}

function manualClock(startsAt: string): ManualClock {
  let now = Date.parse(startsAt);
  return {
    now: () => new Date(now).toISOString(),
    advance: (milliseconds) => {
      now += milliseconds;
    },
    advanceMinutes: (minutes) => {
      now += minutes * 60_000;
    },
    set: (at) => {
      now = Date.parse(at);
    },
  };
}

function present<Thing>(thing: Thing | null | undefined): Thing {
  assert.ok(thing !== null && thing !== undefined, "the stage has no such thing yet");
  return thing;
}
