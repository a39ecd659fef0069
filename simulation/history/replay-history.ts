import type { Command } from "../../domain/commands.ts";
import { manualClock } from "../../runtime/clock.ts";
import type { Validate } from "../../schemas/validators.ts";
import type { BatchMessage } from "../../storage/user-store/batch.ts";
import { checkLoading } from "../checks/check-loading.ts";
import { Violation } from "../checks/violation.ts";
import { createWatch } from "../checks/watch.ts";
import { createIdentifiers } from "../identifiers.ts";
import { createMemoryStore } from "../memory-store.ts";
import { type AppliedStep, snapshotOf } from "./saved-history.ts";

const PLACE = { topic: "replayed", partition: 0, clusterId: "replayed" };
/** Addresses that stand in events. */
export const ADDRESSES = { widget: "https://widget.example", gateway: "https://api.example" };

/**
 * Applies the steps to an empty store and watches every batch. Gives the first property that does not hold, or null; a
 * rule that throws counts as one, under the name "decided".
 */
export async function replayHistory(steps: readonly AppliedStep[], isValidEvent: Validate): Promise<Violation | null> {
  const clock = manualClock(0);
  const identifiers = createIdentifiers();
  const partners = new Map(steps.map((step) => [step.command, step.partner]));
  const store = createMemoryStore({
    clock: clock.now,
    newId: identifiers.newId,
    addresses: ADDRESSES,
    partnerOf: (command) => {
      const saved = partners.get(command);
      if (saved === undefined) throw new Error("a command that is no step was decided");
      return snapshotOf(command, saved);
    },
    compareWhole: (run, runOnWhole) => {
      identifiers.startOver();
      checkLoading(run, runOnWhole());
    },
  });
  store.progress.begin({ ...PLACE, nextOffset: 0n });
  const watch = createWatch({ store, isValidEvent, random: () => 0, schemaShare: 1 });
  let offset = 0n;
  try {
    for (const batch of Map.groupBy(steps, ({ batch }) => batch).values()) {
      clock.set(batch[0]?.nowMs ?? 0);
      const commands = batch.map(({ command }) => command);
      const messages = commands.map((command, index) => toMessage(command, offset + BigInt(index)));
      offset += BigInt(batch.length);
      for (const command of commands) watch.sent(command);
      await store.change({ ...PLACE, messages }, PLACE.clusterId);
      for (const command of commands) watch.look(command);
      const decided = commands.flatMap((command) => store.decisionsOf(command));
      for (const { command, decision } of decided) watch.decided(command, decision);
    }
    return null;
  } catch (error) {
    return error instanceof Violation ? error : new Violation(nameOf(error), { property: "decided", cause: error });
  }
}

function toMessage(command: Command, offset: bigint): BatchMessage {
  return { kind: "command", offset, command, traceparent: null, poison: null };
}

/** A message of an error may hold a value; here all values are made up. */
function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "something that is no error was thrown";
}
