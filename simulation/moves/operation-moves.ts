import type { Operation, OperationUpdate } from "../../domain/operation/operation.ts";
import { isOpen as isUndecided } from "../../domain/operation/states.ts";
import { type Move, someOf } from "../move.ts";
import { isOpen, someLinkId } from "./link-moves.ts";

const PROVIDER = "simulated-payments";
const STATUSES: readonly OperationUpdate["status"][] = ["processing", "completed", "failed", "cancelled"];
const MXN = { source: "USD", destination: "MXN" };

/** The transfer: the person who confirms it, and the payment system, as unreliable as the identity check. */
export const OPERATION_MOVES: readonly Move[] = [
  {
    type: "ConfirmOperation",
    actor: "user",
    weight: (scene) => {
      const { user, operations } = scene.record;
      if (!isOpen(scene) || operations.some(({ status }) => isUndecided(status))) return 0.4;
      return user?.state === "cip_verified" ? 10 : 0.8;
    },
    say: (scene) => {
      const { random } = scene;
      const send = random.chance(0.85) ? "60.50" : random.pick(["0.00", "1.001", "99999.00", "1.00"]);
      const currency = random.chance(0.95) ? MXN : { source: "USD", destination: "EUR" };
      return { payload: { linkId: someLinkId(scene), send, currency } };
    },
  },
  {
    type: "ApplyOperationUpdate",
    actor: "payments",
    weight: ({ record: { operations } }) => {
      if (operations.some(({ status }) => isUndecided(status))) return 5;
      return operations.length > 0 ? 1 : 0.1;
    },
    say: ({ random, record, sent, partner, now, newEventId }) => {
      const earlier = sent.filter((command) => command.type === "ApplyOperationUpdate");
      if (earlier.length > 0 && random.chance(0.15)) return { payload: random.pick(earlier).payload };
      const operation: Operation | undefined = random.chance(0.95) ? someOf(random, record.operations) : undefined;
      const status = random.pick(STATUSES);
      const payload = {
        operationId: operation?.operationId ?? `op_${partner.partner}_unknown`,
        provider: PROVIDER,
        providerEventId: newEventId(),
        status,
        amount: random.chance(0.2) ? { receive: "1031.53", fee: "3.10" } : null,
        failureReason: status === "failed" ? "account_closed" : null,
        occurredAt: now,
      };
      return { payload };
    },
  },
  {
    type: "ParkHeldResult",
    actor: "timer",
    weight: ({ record: { heldResults } }) => (heldResults.length > 0 ? 0.3 : 0.05),
    say: ({ random, record, partner }) => {
      const held = someOf(random, record.heldResults);
      return { payload: { heldResultId: held?.heldResultId ?? `held_${partner.partner}_none` } };
    },
  },
];
