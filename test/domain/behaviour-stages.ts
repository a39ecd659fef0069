import { type Play, play, Refused } from "../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../support/domain-commands.ts";

/** Where a user can be, as far as it matters for what may be done; the state's own name first. */
export const SITUATIONS = [
  "pending",
  "data_incomplete",
  "data_complete",
  "cip_pending",
  "cip_verified",
  "cip_verified, re-check due",
  "cip_failed",
  "cip_failed for good",
] as const;

export type Situation = (typeof SITUATIONS)[number];

/** Where a link can be; `committed` is in_progress with a confirmed transfer (C8). */
export const POSITIONS = ["created", "opened", "in_progress", "committed", "completed", "expired", "revoked"] as const;

export type Position = (typeof POSITIONS)[number];

/**
 * Gives a user in that situation whose newest link is in that position, all by legal commands, on a stage that nobody
 * else uses; null when no way leads there.
 * An expired link is past its time and nobody has written it down yet.
 */
export function createStages(): (situation: Situation, position: Position) => Play | null {
  const known = new Map<string, Play | null>();
  return (situation, position) => {
    const name = `${situation}: ${position}`;
    const stage = known.has(name) ? known.get(name) : stageAt(situation, position);
    known.set(name, stage ?? null);
    return stage ? play({ from: stage, endpoints: stage.partner.endpoints }) : null;
  };
}

function stageAt(situation: Situation, position: Position): Play | null {
  const stage = play({ endpoints: situation === "pending" ? [] : [{ events: null }] });
  try {
    const isTransferred = position === "committed" || position === "completed";
    bring(stage, isTransferred ? "cip_verified" : situation);
    stage.create();
    place(stage, position);
    if (isTransferred) afterTransfer(stage, situation);
  } catch (thrown) {
    if (thrown instanceof Refused) return null;
    throw thrown;
  }
  return isThere(stage, situation) ? stage : null;
}

/** An earlier link brings the user where it is meant to be, and is then revoked. */
function bring(stage: Play, situation: Situation): void {
  stage.create();
  if (situation !== "pending") stage.update({ paymentMethod: BANK_ACCOUNT });
  if (situation !== "pending" && situation !== "data_incomplete") stage.update(BASIC_DATA);
  if (situation.startsWith("cip_")) {
    stage.open();
    stage.submitCip();
  }
  if (situation.startsWith("cip_verified")) stage.cipResult({ revision: 1 });
  if (situation === "cip_verified, re-check due") stage.update(MATERIAL);
  if (situation.startsWith("cip_failed")) {
    stage.cipResult({ outcome: "failed", isFinal: situation === "cip_failed for good" });
  }
  stage.revoke({ force: true });
}

/** B5: one identifying value differs from what was verified. */
const MATERIAL = { dob: "1991-05-15" };

function place(stage: Play, position: Position): void {
  if (position === "revoked") stage.revoke();
  if (position === "expired") stage.clock.set(stage.link().expiresAt);
  const way = WAY[position];
  for (const next of way) next(stage);
}

const OPENED = [(stage: Play) => stage.open()] as const;
const IN_PROGRESS = [...OPENED, (stage: Play) => stage.provide({ idType: "CURP" })] as const;
const COMMITTED = [...IN_PROGRESS, (stage: Play) => stage.confirm()] as const;

/** What is done on the newest link, one after the other. */
const WAY: { readonly [position in Position]: readonly ((stage: Play) => unknown)[] } = {
  created: [],
  opened: OPENED,
  in_progress: IN_PROGRESS,
  committed: COMMITTED,
  completed: [...COMMITTED, (stage) => stage.updateOperation({ status: "completed" })],
  expired: [],
  revoked: [],
};

/**
 * Only a verified user can transfer; what happens to the user afterwards (a correction of the verdict, a change of what
 * was verified, B4, B5) finds the link committed or completed.
 */
function afterTransfer(stage: Play, situation: Situation): void {
  if (situation === "cip_verified, re-check due" || situation.startsWith("data_")) stage.update(MATERIAL);
  if (situation.startsWith("data_")) {
    stage.clock.advanceMinutes(15 * 24 * 60);
    stage.reverificationDue();
  }
  if (situation === "data_incomplete") stage.remove("idNumber");
  if (situation === "cip_pending") stage.update({ ...MATERIAL, idNumber: "XEXX010101" });
  if (situation.startsWith("cip_failed")) {
    stage.cipResult({ outcome: "failed", revision: 2, isFinal: situation === "cip_failed for good" });
  }
}

function isThere(stage: Play, situation: Situation): boolean {
  const { state, cip } = stage.user();
  const isRecheckDue = cip.verification !== null && !cip.verification.current && state === "cip_verified";
  return (
    situation.startsWith(state) &&
    isRecheckDue === situation.endsWith("re-check due") &&
    cip.isFinal === situation.endsWith("for good")
  );
}
