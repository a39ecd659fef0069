import { createHash, createHmac, createSecretKey, randomInt } from "node:crypto";
import type { Clock } from "./clock.ts";

const LENGTH = 12;
const HOUR_MS = 3_600_000;
/** Two characters hold the hour number, which therefore comes round every 54 days. */
const HOURS = 36 ** 2;
const LIFE_HOURS = 24;
const CHECKSUM_LENGTH = 3;
const RANDOM_LENGTH = 7;

/** What an id names. Command ids are not among them: `createCommandIds` and `derivedCommandId` make those. */
export type IdKind =
  | "link"
  | "user"
  | "dr"
  | "op"
  | "cip"
  | "evt"
  | "dlv"
  | "att"
  | "ep"
  | "held"
  | "rpl"
  | "img"
  | "key"
  | "req";
export type NewId = (kind: IdKind, partner: string) => string;

/** A new random id, `<kind>_<partner>_<12 of a-z0-9>`: 62 random bits, every character equally likely. */
export const newId: NewId = (kind, partner) => `${kind}_${partner}_${randomText(LENGTH)}`;

/** Whom a command id was issued to; it is genuine for nobody else. */
export interface CommandIdOwner {
  readonly partner: string;
  readonly environment: string;
}

export interface CommandIds {
  readonly issue: (owner: CommandIdOwner) => string;
  readonly isGenuine: (id: string, owner: CommandIdOwner) => boolean;
}

/**
 * Ids of the commands this gateway accepts, `cmd_<partner>_<12 of a-z0-9>`: two characters for the hour, seven random
 * ones, three of an HMAC over all that and the owner. So a gateway can tell an undecided command from an invented id
 * without storing anything. It is no secret and opens nothing: reading a command needs its partner's key.
 * `isGenuine` refuses a wrong checksum, another owner, and an id older than 24 h (by the hour).
 */
export function createCommandIds(serverSecret: string, clock: Clock): CommandIds {
  const key = createSecretKey(serverSecret, "utf8");
  const checksum = (owner: CommandIdOwner, body: string) => {
    const signed = JSON.stringify(["command id", owner.partner, owner.environment, body]);
    return base36(createHmac("sha256", key).update(signed).digest(), CHECKSUM_LENGTH);
  };
  return {
    issue: (owner) => {
      const hour = (hourNumber(clock) % HOURS).toString(36).padStart(2, "0");
      const body = hour + randomText(RANDOM_LENGTH);
      return `cmd_${owner.partner}_${body}${checksum(owner, body)}`;
    },
    isGenuine: (id, owner) => {
      const prefix = `cmd_${owner.partner}_`;
      const text = id.slice(prefix.length);
      if (!id.startsWith(prefix) || !/^[0-9a-z]{12}$/.test(text)) return false;
      const body = text.slice(0, -CHECKSUM_LENGTH);
      return isRecent(body, clock) && text.slice(-CHECKSUM_LENGTH) === checksum(owner, body);
    },
  };
}

/**
 * The id of a command that follows from something else: the same partner and parts give the same id for ever, so that
 * publishing it twice is harmless. Parts are kept apart: ("a", "bc") is not ("ab", "c").
 */
export function derivedCommandId(partner: string, ...parts: readonly (string | number)[]): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(["derived command id", partner, ...parts]))
    .digest();
  return `cmd_${partner}_${base36(digest, LENGTH)}`;
}

/** `randomInt` draws from a store of random bytes, which spares a system call for each id; every number is equally likely. */
function randomText(length: number): string {
  const chunk = Math.min(length, LONGEST_CHUNK);
  const text = randomInt(36 ** chunk)
    .toString(36)
    .padStart(chunk, "0");
  return chunk === length ? text : text + randomText(length - chunk);
}

/** 36^9 is the largest power that `randomInt` takes. */
const LONGEST_CHUNK = 9;

function base36(digest: Buffer, length: number): string {
  const number = BigInt(`0x${digest.subarray(0, 16).toString("hex")}`) % 36n ** BigInt(length);
  return number.toString(36).padStart(length, "0");
}

function hourNumber(clock: Clock): number {
  return Math.floor(clock() / HOUR_MS);
}

/** One hour from the future is let through: another gateway's clock may be a little ahead. */
function isRecent(body: string, clock: Clock): boolean {
  const age = (hourNumber(clock) - Number.parseInt(body.slice(0, 2), 36)) % HOURS;
  const ageHours = (age + HOURS) % HOURS;
  return ageHours <= LIFE_HOURS || ageHours === HOURS - 1;
}
