import { setTimeout as wait } from "node:timers/promises";
import type { Consumer } from "kafkajs";
import { classify } from "./failure-policy.ts";
import type { GroupMember } from "./group-member.ts";

/** One process's place in a group, through as many members as it takes. */
export interface Membership {
  /** Joins. @throws kafkajs's error when the brokers are away or a topic does not exist. */
  readonly start: () => Promise<void>;
  /** Waits for running batches and leaves. */
  readonly stop: () => Promise<void>;
  /** kafkajs's consumer of the present member; undefined before the first. */
  readonly consumer: () => Consumer | undefined;
}

export interface MembershipSettings {
  readonly newMember: () => GroupMember;
  /** A member ended for a reason that passes; the next one is about to join. */
  readonly onLost: (error: unknown) => void;
  /** A member ended for another reason; there will be no next one. */
  readonly onCrash: (error: unknown) => void;
}

const REJOIN_AFTER_MS = 1_000;

/** Not a member yet. */
export function createMembership({ newMember, onLost, onCrash }: MembershipSettings): Membership {
  const stopping = new AbortController();
  let member: GroupMember | undefined;
  let joining: Promise<void> = Promise.resolve();

  const join = (): Promise<void> => {
    member = newMember();
    joining = joinOrLeave(member);
    return joining;
  };
  const keepJoined = async (first: GroupMember): Promise<void> => {
    let ended = first.ended;
    while (!stopping.signal.aborted) {
      const error = await ended;
      if (stopping.signal.aborted) return;
      if (classify(error).kind !== "temporary") return onCrash(error);
      onLost(error);
      // Ended early by stop(): the loop's condition sees it.
      await wait(REJOIN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      ended = join().then(
        () => member?.ended,
        (failure: unknown) => failure,
      );
    }
  };

  return {
    start: async () => {
      await join();
      if (member) void keepJoined(member);
    },
    stop: async () => {
      stopping.abort();
      // kafkajs cannot stop a consumer that is starting: it would join after all, and stay.
      await joining.catch(() => undefined);
      await member?.leave();
    },
    consumer: () => member?.consumer,
  };
}

async function joinOrLeave(member: GroupMember): Promise<void> {
  try {
    await member.join();
  } catch (error) {
    await member.leave();
    throw error;
  }
}
