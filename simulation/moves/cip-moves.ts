import { CIP_OUTCOMES, type CipResult } from "../../domain/cip/attempt.ts";
import type { Path } from "../../domain/user/fields.ts";
import { saying } from "../field-values.ts";
import { type Move, type Scene, someOf } from "../move.ts";
import type { Random } from "../random.ts";
import { isOpen, someLinkId } from "./link-moves.ts";

const PROVIDER = "simulated-cip";
const ASKED_AGAIN: readonly Path[] = ["dob", "name.firstName", "idType", "paymentMethod", "name.secondLastName"];

/** The identity check: the person who submits, and the provider, who may be late, early, contradict or repeat itself. */
export const CIP_MOVES: readonly Move[] = [
  {
    type: "SubmitCip",
    actor: "user",
    weight: (scene) => {
      const state = scene.record.user?.state;
      if (!isOpen(scene)) return 0.4;
      return state === "data_complete" || state === "cip_failed" ? 12 : 1;
    },
    say: (scene) => ({ payload: { linkId: someLinkId(scene) } }),
  },
  {
    type: "ApplyCipResult",
    actor: "cip",
    weight: ({ record: { attempts } }) => {
      if (attempts.some(({ status }) => status === "open")) return 10;
      return attempts.length > 0 ? 1.5 : 0.2;
    },
    say: (scene) => {
      const { random, record, sent } = scene;
      const earlier = sent.filter((command) => command.type === "ApplyCipResult");
      if (earlier.length > 0 && random.chance(0.12)) return random.pick(earlier);
      const attempt = random.chance(0.95) ? someOf(random, record.attempts) : undefined;
      const named = attempt?.attemptId ?? `cip_${scene.partner.partner}_unknown${random.below(2)}`;
      const payload = { attemptId: random.chance(0.1) ? null : named, result: someResult(random, scene) };
      return { payload, values: random.chance(0.3) ? saying(random, ON_DOCUMENTS).values : {} };
    },
  },
  {
    type: "IssueCipTicket",
    actor: "partner",
    weight: ({ record: { user, links } }) => (links.length === 0 ? 0.05 : user?.state === "data_complete" ? 2 : 0.5),
    say: (scene) => ({ payload: { linkId: someLinkId(scene) } }),
  },
  {
    type: "MarkReverificationDue",
    actor: "timer",
    weight: ({ record: { user } }) => (user?.state === "cip_verified" ? 0.3 : 0.05),
    say: ({ record: { user }, now }) => ({ payload: { reverifyBy: user?.cip.verification?.reverifyBy ?? now } }),
  },
];

/** A10: what a provider reads from documents. */
const ON_DOCUMENTS: readonly Path[] = ["name.firstName", "name.lastName", "idNumber", "dob"];

function someResult(random: Random, { now, newEventId }: Scene): CipResult {
  const outcome = random.chance(0.5) ? "verified" : random.pick(CIP_OUTCOMES);
  const missingFields = outcome === "needs_data" ? ASKED_AGAIN.filter(() => random.chance(0.4)) : [];
  return {
    provider: PROVIDER,
    providerEventId: newEventId(),
    outcome,
    revision: random.pick([null, null, 1, 2, 3]),
    reasons: outcome === "failed" ? [{ code: random.pick(["name_mismatch", "blurred"]), retryable: true }] : [],
    isFinal: outcome === "failed" && random.chance(0.25),
    missingFields,
    occurredAt: now,
  };
}
