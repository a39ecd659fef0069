import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { evolve, UNKNOWN_USER } from "../../domain/evolve.ts";
import { userEventValue } from "../../domain/outgoing.ts";
import { isBefore } from "../../domain/time.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { Validate } from "../../schemas/validators.ts";
import type { StoredDecision } from "../../storage/decisions.ts";
import { FIELD_VALUE } from "../field-values.ts";
import type { MemoryStore } from "../memory-store.ts";
import { differenceOf, isSame } from "../same.ts";
import { checkCip, checkFinalFailure } from "./check-cip.ts";
import { checkFrozen } from "./check-frozen.ts";
import { checkMoves } from "./check-moves.ts";
import { checkOrder } from "./check-order.ts";
import { checkPaymentMethod, checkPrecedence } from "./check-precedence.ts";
import { checkRecord } from "./check-record.ts";
import { checkHeld, checkNotLost, type Waiting } from "./check-results.ts";
import { insist } from "./violation.ts";

export interface WatchSettings {
  readonly store: Pick<MemoryStore, "historyOf" | "recordOf">;
  readonly isValidEvent: Validate;
  /** Chance for what is looked at only now and then, 0 (inclusive) to 1. */
  readonly random: () => number;
  /** How often an event is held against its schema, 0..1. */
  readonly schemaShare: number;
}

/** Looks on and insists on what must hold for any history (rules.md "Properties"). Throws a Violation. */
export interface Watch {
  /** Somebody sends a command: its values may come back, and only they. */
  readonly sent: (command: Command) => void;
  /** A command was decided; false when it had been before, and then it must have been decided alike. */
  readonly decided: (command: Command, decision: StoredDecision) => boolean;
  /** Something may have changed about the user; gives the events that are new. */
  readonly look: (address: UserAddress) => readonly UserEvent[];
  /** An event of the user was read from its topic. */
  readonly heard: (address: UserAddress, sequence: number) => void;
  /** Whether every event that is stored was read. */
  readonly hasHeardAll: (address: UserAddress) => boolean;
  readonly forget: (address: UserAddress) => void;
}

interface Story {
  record: UserRecord;
  heardThrough: number;
  readonly paymentMethods: Set<string>;
  /** By command id. */
  readonly decisions: Map<string, string>;
  readonly waiting: Waiting;
}

/** Knows nobody yet. */
export function createWatch(settings: WatchSettings): Watch {
  const stories = new Map<string, Story>();
  const of = (address: UserAddress): Story => {
    const key = addressKey(address);
    const story = stories.get(key) ?? beginning();
    stories.set(key, story);
    return story;
  };
  return {
    sent: (command) => {
      const { paymentMethod } = command.values;
      if (paymentMethod !== undefined) of(command).paymentMethods.add(JSON.stringify(paymentMethod));
      if (command.type === "ParkHeldResult") of(command).waiting.askedToPark.add(command.payload.heldResultId);
    },
    decided: (command, decision) => {
      const { decisions } = of(command);
      const text = JSON.stringify(decision);
      insist(!FIELD_VALUE.test(text), "H3", () => `the answer to ${command.type} holds a value of a field`);
      const before = decisions.get(command.commandId);
      insist(before === undefined || before === text, "P11", () => `${command.type} was decided in two ways`);
      decisions.set(command.commandId, text);
      if (before === undefined && decision.outcome === "applied") {
        checkNotLost(command, settings.store.recordOf(command), of(command).waiting);
      }
      return before === undefined;
    },
    look: (address) => look(settings, of(address), address),
    heard: (address, sequence) => {
      const story = of(address);
      insist(sequence <= story.heardThrough + 1, "P11", () => `event ${sequence} came after ${story.heardThrough}`);
      story.heardThrough = Math.max(story.heardThrough, sequence);
    },
    hasHeardAll: (address) => of(address).heardThrough === (of(address).record.user?.lastSequence ?? 0),
    forget: (address) => void stories.delete(addressKey(address)),
  };
}

function beginning(): Story {
  return {
    record: UNKNOWN_USER,
    heardThrough: 0,
    paymentMethods: new Set(),
    decisions: new Map(),
    waiting: { held: [], askedToPark: new Set(), everHeld: new Set() },
  };
}

function look(settings: WatchSettings, story: Story, address: UserAddress): readonly UserEvent[] {
  const events = settings.store.historyOf(address, story.record.user?.lastSequence ?? 0);
  for (const commands of Map.groupBy(events, ({ commandId }) => commandId).values()) follow(settings, story, commands);
  const stored = settings.store.recordOf(address);
  checkReplay(stored, story.record);
  checkRecord(stored);
  checkCip(stored);
  checkHeld(story.waiting, stored);
  checkPaymentMethod(stored.user, story.paymentMethods);
  if (events.length > 0 && settings.random() < ORDER_SHARE) {
    const history = settings.store.historyOf(address);
    const shuffled = history.toSorted(() => settings.random() - 0.5);
    checkOrder(history, shuffled);
  }
  return events;
}

/** How often the words of a user are told in another order, 0..1: it takes the whole history. */
const ORDER_SHARE = 0.02;

/** All events of one command: one version, one time, gapless sequences, and what each of them must not do. */
function follow(settings: WatchSettings, story: Story, events: readonly UserEvent[]): void {
  const { user } = story.record;
  const version = (user?.version ?? 0) + 1;
  for (const event of events) {
    const before = story.record;
    const { sequence, userVersion, at, type } = event;
    insist(
      sequence === (before.user?.lastSequence ?? 0) + 1,
      "P11",
      () => `sequence ${sequence} of ${type} is no next`,
    );
    insist(userVersion === version, "P6", () => `${type} has version ${userVersion} instead of ${version}`);
    insist(user === null || isBefore(user.lastAt, at), "G1", () => `${type} at ${at} is not after ${user?.lastAt}`);
    checkPublic(settings, event);
    const after = evolve(before, event);
    const happened = { event, before, after };
    checkMoves(happened);
    checkPrecedence(happened);
    checkFinalFailure(happened);
    checkFrozen(happened);
    story.record = after;
  }
}

function checkPublic({ isValidEvent, random, schemaShare }: WatchSettings, event: UserEvent): void {
  const text = JSON.stringify(event.data);
  insist(!FIELD_VALUE.test(text), "H3", () => `${event.type} holds a value of a field`);
  if (random() >= schemaShare) return;
  const [problem] = isValidEvent(userEventValue(event));
  insist(problem === undefined, "schema", () => `${event.type} at ${problem?.path}: ${problem?.message}`);
}

/** P5: the history, as it comes back from the database, tells the user as stored. */
function checkReplay(stored: UserRecord, retold: UserRecord): void {
  const one = comparable(stored);
  const other = comparable(retold);
  insist(isSame(one, other), "P5", () => `the history tells another story: ${differenceOf(one, other)}`);
}

/** Held results are no part of the history, and the order of attempts is their number. */
function comparable(record: UserRecord): UserRecord {
  return { ...record, heldResults: [], attempts: record.attempts.toSorted((a, b) => a.number - b.number) };
}
