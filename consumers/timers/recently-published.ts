import type { Clock } from "../../runtime/clock.ts";

/** Command ids that were published a short while ago. */
export interface RecentlyPublished {
  readonly has: (commandId: string) => boolean;
  readonly add: (commandIds: readonly string[]) => void;
}

/** Forgets an id after `forMs`, and the oldest when there are more than `most`: memory must not grow with a backlog. */
export function createRecentlyPublished(
  clock: Clock,
  { forMs, most }: { forMs: number; most: number },
): RecentlyPublished {
  const until = new Map<string, number>();
  const dropOldest = () => {
    for (const [commandId, expiresAt] of until) {
      if (expiresAt > clock() && until.size <= most) return;
      until.delete(commandId);
    }
  };
  return {
    has: (commandId) => (until.get(commandId) ?? Number.NEGATIVE_INFINITY) > clock(),
    add: (commandIds) => {
      for (const commandId of commandIds) {
        // Deleted first, so that the map stays in the order of expiry.
        until.delete(commandId);
        until.set(commandId, clock() + forMs);
      }
      dropOldest();
    },
  };
}
